/**
 * The transport to subgraphs, for the gateway's `transports`. It replaces the gateway's own, whose layers of hooks,
 * signals and responses took more than half of the router's CPU time for a query.
 *
 * Equal queries in flight share one request if their propagated headers are equal, too: a thousand subscribers with
 * one identity then cost one request per event instead of a thousand. The shared request carries the address, the
 * user agent and the request id of its first client, waits for its turn as that client's, and is cancelled when the
 * last client that waits for it has disconnected.
 */
import { GraphQLError } from "graphql";
import { notAdmitted } from "./admission.mjs";
import { clientAddress, clientNetwork } from "./client-address.mjs";
import { onDisconnect } from "./disconnects.mjs";
import { publicResult, unavailableError, unavailableResult } from "./errors.mjs";
import { createEventStreamClient } from "./event-stream.mjs";
import { forwardedHeaders } from "./headers.mjs";
import { createRequestSender, readResponse, readText, requestBody } from "./subgraph-request.mjs";

const ACCEPT = "application/graphql-response+json, application/json";

/** A request that waits for its turn or is in flight, and the number of operations that wait for it. */
class SharedRequest {
  #place;
  #send;
  #request;
  #onEnd;
  #waiters = 0;

  /**
   * @param {import("./fair-queue.mjs").Place} place of the call
   * @param {() => import("node:http").ClientRequest} send
   * @param {number} timeoutMs
   * @param {(self: SharedRequest) => void} onEnd called when no other operation may share the request any more
   */
  constructor(place, send, timeoutMs, onEnd) {
    this.#place = place;
    this.#send = send;
    this.#onEnd = onEnd;
    this.text = this.#read(timeoutMs);
  }

  async #read(timeoutMs) {
    let timer;
    try {
      if (!this.#place.isAdmitted && !(await this.#place.turn)) throw notAdmitted();
      this.#request = this.#send(this);
      timer = setTimeout(() => this.#request.destroy(timeoutError()), timeoutMs);
      return await readText(await readResponse(this.#request));
    } finally {
      clearTimeout(timer);
      this.#place.leave();
      this.#onEnd(this);
    }
  }

  addWaiter() {
    this.#waiters += 1;
  }

  get isSent() {
    return this.#request !== undefined;
  }

  /** Whether every client that waited for it has disconnected. */
  get isAbandoned() {
    return this.#waiters <= 0;
  }

  removeWaiter() {
    this.#waiters -= 1;
    if (this.#waiters > 0) return;
    this.#place.leave();
    this.#request?.destroy();
    this.#onEnd(this);
  }
}

function timeoutError() {
  return Object.assign(new Error("no response in time"), { code: "TIMEOUT" });
}

/** Makes the executor of queries and mutations at one subgraph. */
function createQueryExecutor(service, send, enter, timeoutMs) {
  const inFlight = new Map();

  function start(context, body, onSend, onEnd) {
    const sent = (shared) => {
      onSend(shared);
      return send(ACCEPT, body, context);
    };
    return new SharedRequest(enter(context), sent, timeoutMs, onEnd);
  }

  function call(body, operationType, context) {
    if (operationType !== "query") return start(context, body, () => {}, () => {});
    const key = JSON.stringify([forwardedHeaders(context), body]);
    // One that waits for its turn is shared within its network alone: others do not wait behind that.
    const waitingKey = clientNetwork(clientAddress(context.request)) + key;
    const found = inFlight.get(key) ?? inFlight.get(waitingKey);
    if (found !== undefined) return found;
    function end(shared) {
      for (const each of [key, waitingKey]) if (inFlight.get(each) === shared) inFlight.delete(each);
    }
    function begin(shared) {
      end(shared);
      inFlight.set(key, shared);
    }
    const shared = start(context, body, begin, end);
    if (!shared.isSent) inFlight.set(waitingKey, shared);
    return shared;
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
      if (error instanceof GraphQLError) return { errors: [error] };
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
 * @param {ReturnType<import("./admission.mjs").createAdmission>} admission
 */
export function subgraphTransport({ deriveKey, upstreamTimeoutMs, upstreamIdleTimeoutMs }, admission) {
  return {
    getSubgraphExecutor({ subgraphName, transportEntry }) {
      const send = createRequestSender(subgraphName, transportEntry.location, deriveKey);
      const enter = admission.createCallQueue();
      const call = createQueryExecutor(subgraphName, send, enter, upstreamTimeoutMs);
      const streams = createEventStreamClient(subgraphName, send, enter, upstreamTimeoutMs, upstreamIdleTimeoutMs);
      return Object.assign(
        (execution) => (execution.operationType === "subscription" ? streams.subscribe(execution) : call(execution)),
        { [Symbol.asyncDispose]: streams.interrupt },
      );
    },
  };
}
