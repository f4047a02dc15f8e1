/**
 * Sends operations to subgraphs: a signed POST with the propagated headers. A call that has not reached a subgraph is
 * sent once more, over a connection of its own.
 */
import { urlToHttpOptions } from "node:url";
import { clientAddress } from "./client-address.mjs";
import { forwardedHeaders, requestIdOf } from "./headers.mjs";
import { logEvent } from "./log.mjs";
import { createSigner } from "./signing.mjs";
import { agentsOf } from "./subgraph-agents.mjs";

const NOT_CONNECTED = "ECONNREFUSED";
/** The connection ended: whether the subgraph has read the call is not known. */
const INTERRUPTIONS = ["ECONNRESET", "EPIPE"];

/** The body of the request for an operation. */
export function requestBody({ text, variables }) {
  return JSON.stringify({ query: text, variables });
}

/**
 * Makes the function that sends requests to one subgraph.
 *
 * @param {string} name of the subgraph in the supergraph
 * @param {string} url of the subgraph
 * @param {{deriveKey: (purpose: string) => Buffer, connectionAgeMs: number, readCertificate?: () => object}} settings
 * @returns {(accept: string, body: string, context: object, waitMs: number, more?: object) =>
 *   import("node:http").ClientRequest} sends a body, with the headers and the client's address of the operation's
 *   context, how long it may wait for others at the subgraph, and more headers; with `isRepeated` over a new connection
 */
export function createRequestSender(name, url, { deriveKey, connectionAgeMs, readCertificate }) {
  const target = new URL(url);
  const { request, keptAgent, freshAgent } = agentsOf(target.protocol, connectionAgeMs);
  const options = { ...urlToHttpOptions(target), method: "POST" };
  const sign = createSigner(name, deriveKey);
  const certificate = target.protocol === "https:" && readCertificate ? readCertificate : () => undefined;
  return function send(accept, body, context, waitMs, { more, isRepeated } = {}) {
    const headers = {
      accept,
      "content-type": "application/json",
      "content-length": Buffer.byteLength(body),
      ...forwardedHeaders(context),
      ...more,
      "x-request-id": requestIdOf(context.request),
      "user-agent": context.request.headers.get("user-agent") ?? "",
    };
    Object.assign(headers, sign(target.pathname, headers, clientAddress(context.request), waitMs, body));
    return request({ ...options, ...certificate(), headers, agent: isRepeated ? freshAgent : keptAgent }).end(body);
  };
}

/** Waits for the status and the headers of a response. */
export function readResponse(outgoing) {
  return new Promise((resolve, reject) => {
    outgoing.once("response", resolve).once("error", reject);
  });
}

/**
 * Sends a call and waits for the status and the headers of its response. A call that found nobody is sent once more: to
 * another replica, behind a balancer. So is one whose connection ended before the response, if it changes nothing.
 *
 * @param {string} service the subgraph
 * @param {(isRepeated: boolean) => import("node:http").ClientRequest} send
 * @param {{changes: boolean, isWanted: () => boolean}} call whether it may change anything, and whether somebody waits
 */
export async function readResponseOf(service, send, { changes, isWanted }) {
  try {
    return await readResponse(send(false));
  } catch (error) {
    const isHarmless = error.code === NOT_CONNECTED || (!changes && INTERRUPTIONS.includes(error.code));
    if (!isHarmless || !isWanted()) throw error;
    logEvent("warn", "subgraph call repeated", { service, reason: error.code });
    return readResponse(send(true));
  }
}

/** Parses the body of a response. What is no JSON comes from something between, whose status says more. */
export function parseResponse(text, { statusCode }) {
  try {
    return JSON.parse(text);
  } catch {
    throw Object.assign(new Error("the response is no JSON"), { code: `HTTP_${statusCode}` });
  }
}

/** Reads the body of a response. */
export function readText(response) {
  return new Promise((resolve, reject) => {
    let text = "";
    response.setEncoding("utf8");
    response.on("data", (chunk) => (text += chunk));
    response.once("end", () => resolve(text)).once("error", reject);
  });
}
