/**
 * The transport to subgraphs, for the gateway's `transports`. It replaces the gateway's own, whose layers of hooks,
 * signals and responses took more than half of the router's CPU time for a query.
 *
 * Equal queries in flight share one request if their propagated headers are equal, too: a thousand subscribers with
 * one identity then cost one request per event instead of a thousand. The shared request carries the address, the
 * user agent and the request id of its first client, and is cancelled when the last client that waits for it has
 * disconnected.
 */
import { publicResult, unavailableError, unavailableResult } from "./errors.mjs";
import { createEventStreamClient } from "./event-stream.mjs";
import { forwardedHeaders } from "./headers.mjs";
import { onDisconnect } from "./disconnects.mjs";
import { createRequestSender, readResponse, readText, requestBody } from "./subgraph-request.mjs";

const ACCEPT = "application/graphql-response+json, application/json";

/** A request in flight, and the number of operations that wait for it. */
class SharedRequest {
  #request;
  #onEnd;
  #waiters = 0;

  /** @param {() => void} onEnd called when no other operation may share the request any more */
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

  /** Whether every client that waited for it has disconnected. */
  get isAbandoned() {
    return this.#waiters <= 0;
  }

  removeWaiter() {
    this.#waiters -= 1;
    if (this.#waiters > 0) return;
    this.#request.destroy();
    this.#onEnd();
  }
}

function timeoutError() {
  return Object.assign(new Error("no response in time"), { code: "TIMEOUT" });
}

/** Makes the executor of queries and mutations at one subgraph. */
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
      // Parsed for each operation, because each merges other answers into the result.
      return publicResult(service, JSON.parse(await shared.text), context.request);
    } catch (error) {
      if (shared.isAbandoned) return { errors: [unavailableError(service)] }; // nobody reads it
      return unavailableResult(service, error, context.request);
    } finally {
      stopWatching();
    }
  };
}

/**
 * Makes the transport.
 *
 * @param {{deriveKey: (purpose: string) => Buffer, upstreamTimeoutMs: number, upstreamIdleTimeoutMs: number}} settings
 *   the key of signatures, how long a subgraph may take to respond, and how long a stream may carry nothing
 */
export function subgraphTransport({ deriveKey, upstreamTimeoutMs, upstreamIdleTimeoutMs }) {
  return {
    getSubgraphExecutor({ subgraphName, transportEntry }) {
      const send = createRequestSender(subgraphName, transportEntry.location, deriveKey);
      const call = createQueryExecutor(subgraphName, send, upstreamTimeoutMs);
      const streams = createEventStreamClient(subgraphName, send, upstreamTimeoutMs, upstreamIdleTimeoutMs);
      return Object.assign(
        (execution) => (execution.operationType === "subscription" ? streams.subscribe(execution) : call(execution)),
        { [Symbol.asyncDispose]: streams.interrupt },
      );
    },
  };
}
