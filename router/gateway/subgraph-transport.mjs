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
import { cookieHeaders, keepCookies } from "./session-cookie.mjs";
import { createRequestSender, parseResponse, readResponseOf, readText, requestBody } from "./subgraph-request.mjs";

const ACCEPT = "application/graphql-response+json, application/json";

/** A request that waits for its turn or is in flight, and the number of operations that wait for it. */
class SharedRequest {
  #service;
  #place;
  #send;
  #request;
  #response;
  #text;
  #onEnd;
  #waiters = 0;

  /**
   * @param {string} service the subgraph
   * @param {import("./fair-queue.mjs").Place} place of the call
   * @param {(self: SharedRequest, isRepeated: boolean) => import("node:http").ClientRequest} send
   * @param {number} timeoutMs
   * @param {{onEnd?: (self: SharedRequest) => void,
   *   onResponse?: (response: import("node:http").IncomingMessage) => void, changes?: boolean}} options `onEnd` is
   *   called when no other operation may share the request any more
   */
  constructor(service, place, send, timeoutMs, { onEnd = () => {}, onResponse = () => {}, changes = false }) {
    this.#service = service;
    this.#place = place;
    this.#send = send;
    this.#onEnd = onEnd;
    this.#text = this.#read(timeoutMs, onResponse, changes);
  }

  async #read(timeoutMs, onResponse, changes) {
    let timer;
    try {
      if (!this.#place.isAdmitted && !(await this.#place.turn)) throw notAdmitted();
      timer = setTimeout(() => this.#request.destroy(timeoutError()), timeoutMs);
      const send = (isRepeated) => (this.#request = this.#send(this, isRepeated));
      const response = await readResponseOf(this.#service, send, { changes, isWanted: () => !this.isAbandoned });
      this.#response = response;
      onResponse(response);
      return await readText(response);
    } finally {
      clearTimeout(timer);
      this.#place.leave();
      this.#onEnd(this);
    }
  }

  /** The result, parsed for each operation, because each merges other answers into it. */
  async result() {
    return parseResponse(await this.#text, this.#response);
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

  /** A mutation is shared with nobody, and may read and set the session cookie. */
  function change(context, body) {
    const place = enter(context, false);
    const more = cookieHeaders(service, context);
    const sent = (_shared, isRepeated) => send(ACCEPT, body, context, place.waitMs, { more, isRepeated });
    const onResponse = (response) => keepCookies(service, response, context);
    return new SharedRequest(service, place, sent, timeoutMs, { onResponse, changes: true });
  }

  function call(body, operationType, context) {
    if (operationType !== "query") return change(context, body);
    const key = JSON.stringify([forwardedHeaders(context), body]);
    // One that waits for its turn is shared within its network alone: others do not wait behind that.
    const waitingKey = clientNetwork(clientAddress(context.request)) + key;
    const found = inFlight.get(key) ?? inFlight.get(waitingKey);
    if (found !== undefined) return found;
    function end(shared) {
      for (const each of [key, waitingKey]) if (inFlight.get(each) === shared) inFlight.delete(each);
    }
    const place = enter(context, false);
    function begin(shared, isRepeated) {
      end(shared);
      inFlight.set(key, shared);
      return send(ACCEPT, body, context, place.waitMs, { isRepeated });
    }
    const shared = new SharedRequest(service, place, begin, timeoutMs, { onEnd: end });
    if (!shared.isSent) inFlight.set(waitingKey, shared);
    return shared;
  }

  return async function execute(execution) {
    const { operationType, context } = execution;
    const shared = call(requestBody(execution), operationType, context);
    shared.addWaiter();
    const stopWatching = onDisconnect(context, () => shared.removeWaiter());
    try {
      return publicResult(service, await shared.result(), context.request);
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
 * @param {{deriveKey: (purpose: string) => Buffer, connectionAgeMs: number, upstreamTimeoutMs: number,
 *   upstreamIdleTimeoutMs: number}} settings the key of signatures, how old a connection may be, how long a subgraph may
 *   take to respond, and how long a stream may carry nothing
 * @param {ReturnType<import("./admission.mjs").createAdmission>} admission
 * @param {ReturnType<import("./draining.mjs").createDrain>} drain
 */
export function subgraphTransport(settings, admission, drain) {
  const { upstreamTimeoutMs, upstreamIdleTimeoutMs } = settings;
  const callers = new Map();

  function createCaller(name, location) {
    const send = createRequestSender(name, location, settings);
    const enter = admission.createCallQueue();
    return { send, enter, call: createQueryExecutor(name, send, enter, upstreamTimeoutMs) };
  }

  /**
   * What all executors of one subgraph share, so that its limit holds for them together: until the first of them is
   * ready, the gateway makes one for each operation.
   */
  function callerOf(name, location) {
    const key = `${name} ${location}`;
    if (!callers.has(key)) callers.set(key, createCaller(name, location));
    return callers.get(key);
  }

  return {
    getSubgraphExecutor({ subgraphName, transportEntry }) {
      const { send, enter, call } = callerOf(subgraphName, transportEntry.location);
      const timeouts = { timeoutMs: upstreamTimeoutMs, idleTimeoutMs: upstreamIdleTimeoutMs };
      const streams = createEventStreamClient(subgraphName, send, enter, timeouts, drain);
      return Object.assign(
        (execution) => (execution.operationType === "subscription" ? streams.subscribe(execution) : call(execution)),
        { [Symbol.asyncDispose]: streams.interrupt },
      );
    },
  };
}
