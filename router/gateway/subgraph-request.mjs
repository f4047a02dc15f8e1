/**
 * Sends operations to subgraphs: a signed POST with the propagated headers. Connections are kept open between
 * requests. Idle ones are closed well before a subgraph would close them (after 75 s), because a request on a
 * connection that is being closed is lost; the defaults of Node and of uvicorn are the same 5 s.
 */
import { Agent as HttpAgent, request as requestByHttp } from "node:http";
import { Agent as HttpsAgent, request as requestByHttps } from "node:https";
import { urlToHttpOptions } from "node:url";
import { clientAddress } from "./client-address.mjs";
import { forwardedHeaders, requestIdOf } from "./headers.mjs";
import { createSigner } from "./signing.mjs";

const IDLE_TIMEOUT_MS = 30_000;
const AGENT_OPTIONS = { keepAlive: true, keepAliveMsecs: 10_000, timeout: IDLE_TIMEOUT_MS, scheduling: "lifo" };
const PROTOCOLS = {
  "http:": { request: requestByHttp, agent: new HttpAgent(AGENT_OPTIONS) },
  "https:": { request: requestByHttps, agent: new HttpsAgent(AGENT_OPTIONS) },
};

/** The body of the request for an operation. */
export function requestBody({ text, variables }) {
  return JSON.stringify({ query: text, variables });
}

/**
 * Makes the function that sends requests to one subgraph.
 *
 * @param {string} name of the subgraph in the supergraph
 * @param {string} url of the subgraph
 * @param {(purpose: string) => Buffer} deriveKey
 * @returns {(accept: string, body: string, context: object) => import("node:http").ClientRequest} sends a body, with
 *   the headers and the client's address of the operation's context
 */
export function createRequestSender(name, url, deriveKey) {
  const target = new URL(url);
  const { request, agent } = PROTOCOLS[target.protocol];
  const options = { ...urlToHttpOptions(target), agent, method: "POST" };
  const sign = createSigner(name, deriveKey);
  return function send(accept, body, context) {
    const headers = {
      accept,
      "content-type": "application/json",
      "content-length": Buffer.byteLength(body),
      ...forwardedHeaders(context),
      "x-request-id": requestIdOf(context.request),
      "user-agent": context.request.headers.get("user-agent") ?? "",
    };
    Object.assign(headers, sign(target.pathname, headers, clientAddress(context.request), body));
    return request({ ...options, headers }).end(body);
  };
}

/** Waits for the status and the headers of a response. */
export function readResponse(outgoing) {
  return new Promise((resolve, reject) => {
    outgoing.once("response", resolve).once("error", reject);
  });
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
