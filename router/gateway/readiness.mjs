/**
 * Readiness: whether a first request would be answered. For that the router needs its schema and at least one subgraph
 * that answers it, signature included. The others are named in the body; a client reads of them as coded errors, so one
 * that is down does not take the router out of service. A subgraph that is only slow counts as it did before, or a busy
 * machine would take all routers out of service. A router that is about to stop is not ready.
 */
import { setTimeout as wait } from "node:timers/promises";
import { setClientAddress } from "./client-address.mjs";
import { STOPPING } from "./draining.mjs";
import { createRequestSender, readResponse, readText } from "./subgraph-request.mjs";

/** How long somebody who asks waits for the subgraphs; after that their last findings count. */
const WAIT_MS = 500;
/** How long a subgraph may take; after that it counts as away. */
const SLOW_MS = 30_000;
/** How long a finding is served: anybody may ask, and each finding is a request to every subgraph. */
const MAX_AGE_MS = 1_000;
const PROBE = JSON.stringify({ query: "{__typename}" });
const ADDRESS = "127.0.0.1";

/** Asks one subgraph. Returns whether it answered. */
async function answers(send) {
  const request = { headers: new Headers() };
  setClientAddress(request, ADDRESS);
  const outgoing = send("application/json", PROBE, { request }, SLOW_MS);
  const timer = setTimeout(() => outgoing.destroy(new Error("no response in time")), SLOW_MS);
  try {
    const { data } = JSON.parse(await readText(await readResponse(outgoing)));
    return typeof data?.__typename === "string";
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
  }
}

/** Makes what asks one subgraph: it returns the last finding, of now unless the subgraph is slow. */
function createProbe(send) {
  let isAvailable = false;
  let running;
  async function ask() {
    isAvailable = await answers(send);
    running = undefined;
  }
  return async function probe() {
    running ??= ask();
    await Promise.race([running, wait(WAIT_MS)]);
    return isAvailable ? "available" : "unavailable";
  };
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
  const probes = Object.entries(settings.subgraphUrls).map(([name, url]) => [
    name,
    createProbe(createRequestSender(name, url, settings)),
  ]);
  let finding;
  let foundAt = -Infinity;

  async function find() {
    const found = probes.map(async ([name, probe]) => [name, await probe()]);
    return describe(await hasSchema(gateway), Object.fromEntries(await Promise.all(found)));
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
