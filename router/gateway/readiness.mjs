/**
 * Readiness: whether a first request would be answered. For that the router needs its schema and at least one subgraph
 * that answers it, signature included. The others are named in the body; a client reads of them as coded errors, so one
 * that is down does not take the router out of service. A router that is about to stop is not ready.
 */
import { setClientAddress } from "./client-address.mjs";
import { STOPPING } from "./draining.mjs";
import { createRequestSender, readResponse, readText } from "./subgraph-request.mjs";

const TIMEOUT_MS = 500;
/** How long a finding is served: anybody may ask, and each finding is a request to every subgraph. */
const MAX_AGE_MS = 1_000;
const PROBE = JSON.stringify({ query: "{__typename}" });
const ADDRESS = "127.0.0.1";

/** Asks one subgraph. Returns whether it answered. */
async function answers(send) {
  const request = { headers: new Headers() };
  setClientAddress(request, ADDRESS);
  const outgoing = send("application/json", PROBE, { request }, TIMEOUT_MS);
  const timer = setTimeout(() => outgoing.destroy(new Error("no response in time")), TIMEOUT_MS);
  try {
    const { data } = JSON.parse(await readText(await readResponse(outgoing)));
    return typeof data?.__typename === "string";
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
  }
}

async function hasSchema(gateway) {
  try {
    return Boolean(await gateway.getSchema());
  } catch {
    return false;
  }
}

function describe(isLoaded, subgraphs) {
  const isReady = isLoaded && Object.values(subgraphs).includes("available");
  const reason = isLoaded ? "No subgraph answers." : "The supergraph cannot be used.";
  return isReady ? { status: "ready", subgraphs } : { status: "unavailable", reason, subgraphs };
}

/**
 * Makes the handler of readiness checks.
 *
 * @param {ReturnType<import("@graphql-hive/gateway-runtime").createGatewayRuntime>} gateway
 * @param {{subgraphUrls: Record<string, string>, deriveKey: (purpose: string) => Buffer, connectionAgeMs: number}}
 *   settings
 * @param {ReturnType<import("./draining.mjs").createDrain>} drain
 * @returns {(response: import("node:http").ServerResponse) => Promise<void>} answers 200 or 503, with
 *   `{status, reason?, subgraphs: {NAME: "available" | "unavailable"}}`; without the subgraphs when it stops
 */
export function createReadinessCheck(gateway, settings, drain) {
  const urls = Object.entries(settings.subgraphUrls);
  const senders = urls.map(([name, url]) => [name, createRequestSender(name, url, settings)]);
  let finding;
  let foundAt = -Infinity;

  async function find() {
    const probes = senders.map(async ([name, send]) => [name, (await answers(send)) ? "available" : "unavailable"]);
    return describe(await hasSchema(gateway), Object.fromEntries(await Promise.all(probes)));
  }

  return async function respond(response) {
    if (performance.now() - foundAt > MAX_AGE_MS) {
      foundAt = performance.now();
      finding = find();
    }
    const found = drain.hasBegun ? { status: "unavailable", reason: STOPPING } : await finding;
    response.writeHead(found.status === "ready" ? 200 : 503, {
      "content-type": "application/json; charset=utf-8",
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
    });
    response.end(JSON.stringify(found));
  };
}
