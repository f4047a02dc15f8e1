/**
 * The transport to subgraphs, for the gateway's `transports`. It stands in place of the gateway's own, whose layers of
 * hooks, signals and responses cost the router more than half of what it did for a query.
 *
 * Equal queries in flight share one call while the headers that travel with them are equal: a thousand subscribers
 * with one identity then cost one call per event instead of a thousand. It carries the address and the request id of
 * the first who asked, and ends when all have left who wait for it.
 */
import { publicResult, unavailableResult } from "./errors.mjs";
import { createEventStreamClient } from "./event-stream.mjs";
import { forwardedHeaders } from "./headers.mjs";
import { onDisconnect } from "./disconnects.mjs";
import { createRequestSender, readResponse, readText, requestBody } from "./subgraph-request.mjs";

const ACCEPT = "application/graphql-response+json, application/json";

/** A call in flight, and how many wait for it. */
class SharedRequest {
  #request;
  #onEnd;
  #waiters = 0;

  /** @param {() => void} onEnd called when nobody may join any more */
  constructor(request, timeoutMs, onEnd) {
    this.#request = request;
    this.#onEnd = onEnd;
    this.text = this.#read(timeoutMs);
  }

  async #read(timeoutMs) {
    const timer = setTimeout(() => this.#request.destroy(timeoutError()), timeoutMs);
    try {
      return await readText(await readResponse(this.#request));
    } finally {
      clearTimeout(timer);
      this.#onEnd();
    }
  }

  addWaiter() {
    this.#waiters += 1;
  }

  removeWaiter() {
    this.#waiters -= 1;
    if (this.#waiters > 0) return;
    this.#request.destroy();
    this.#onEnd();
  }
}

function timeoutError() {
  return Object.assign(new Error("no answer in time"), { code: "TIMEOUT" });
}

/** Executes queries and mutations at one subgraph. */
function createQueryExecutor(service, send, timeoutMs) {
  const inFlight = new Map();

  function call(body, operationType, context) {
    const start = (onEnd) => new SharedRequest(send(ACCEPT, body, context), timeoutMs, onEnd);
    if (operationType !== "query") return start(() => {});
    const key = JSON.stringify([forwardedHeaders(context), body]);
    if (!inFlight.has(key)) inFlight.set(key, start(() => inFlight.delete(key)));
    return inFlight.get(key);
  }

  return async function execute(execution) {
    const { operationType, context } = execution;
    const shared = call(requestBody(execution), operationType, context);
    shared.addWaiter();
    const stopWatching = onDisconnect(context, () => shared.removeWaiter());
    try {
      // Each has an answer of its own: the gateway writes into it.
      return publicResult(service, JSON.parse(await shared.text), context.request);
    } catch (error) {
      return unavailableResult(service, error, context.request);
    } finally {
      stopWatching();
    }
  };
}

/**
 * @param {{deriveKey: (purpose: string) => Buffer, upstreamTimeoutMs: number, upstreamSilenceMs: number}} settings how
 *   requests are signed, how long a subgraph may take to answer, and how long a stream may carry nothing
 */
export function subgraphTransport({ deriveKey, upstreamTimeoutMs, upstreamIdleTimeoutMs }) {
  return {
    getSubgraphExecutor({ subgraphName, transportEntry }) {
      const send = createRequestSender(transportEntry.location, deriveKey);
      const call = createQueryExecutor(subgraphName, send, upstreamTimeoutMs);
      const streams = createEventStreamClient(subgraphName, send, upstreamTimeoutMs, upstreamIdleTimeoutMs);
      return Object.assign(
        (execution) => (execution.operationType === "subscription" ? streams.subscribe(execution) : call(execution)),
        { [Symbol.asyncDispose]: streams.interrupt },
      );
    },
  };
}
