/**
 * Subscriptions to subgraphs over server-sent events, in the "distinct connections" mode of the GraphQL over SSE
 * protocol (https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md).
 *
 * The gateway's own reader splits on LF LF alone, breaks characters that cross two chunks, and cannot distinguish a
 * completed stream from an interrupted one. This one can: an interrupted stream ends with a coded error.
 */
import { notAdmitted } from "./admission.mjs";
import { onDisconnect } from "./disconnects.mjs";
import { stoppingError } from "./draining.mjs";
import { interruptedError, publicResult, unavailableError, unavailableResult } from "./errors.mjs";
import { ReportedError, logEvent } from "./log.mjs";
import { parseResponse, readResponseOf, readText, requestBody } from "./subgraph-request.mjs";

/** Accepting a subscription may take longer than a query: after an outage all clients reconnect at once. */
const ACCEPT_TIMEOUT_FACTOR = 3;

/** Splits the text of an event stream into events; a chunk may end anywhere. */
function eventParser(onEvent) {
  let buffer = "";
  let name = "";
  let data = [];
  return function feed(text) {
    const lines = (buffer + text).split("\n");
    buffer = lines.pop();
    for (const raw of lines) {
      const line = raw.endsWith("\r") ? raw.slice(0, -1) : raw;
      if (line === "") {
        if (name || data.length) onEvent(name, data.join("\n"));
        name = "";
        data = [];
      } else if (line.startsWith("event:")) {
        name = line.slice(6).trim();
      } else if (line.startsWith("data:")) {
        data.push(line.slice(5).trimStart());
      }
    }
  };
}

/** One subscription: an async iterator over the results of its event stream. */
class Subscription {
  #service;
  #request;
  #chunks;
  #idleTimeoutMs;
  #onEnd = () => {};
  #decoder = new TextDecoder();
  #results = [];
  #ended = false;
  #feed = eventParser((name, data) => this.#receive(name, data));

  constructor(service, request, response, idleTimeoutMs) {
    this.#service = service;
    this.#request = request;
    this.#chunks = response[Symbol.asyncIterator]();
    this.#idleTimeoutMs = idleTimeoutMs;
  }

  /** Sets the action that is called once, when the subscription ends; at once if it has ended. */
  onEnd(action) {
    if (this.#ended) action();
    else this.#onEnd = action;
  }

  [Symbol.asyncIterator]() {
    return this;
  }

  async next() {
    while (this.#results.length === 0 && !this.#ended) await this.#read();
    if (this.#results.length > 0) return { done: false, value: this.#results.shift() };
    return { done: true, value: undefined };
  }

  async return() {
    this.#end();
    return { done: true, value: undefined };
  }

  /** Ends the stream for a reason that operators learn of. */
  interrupt(error) {
    if (this.#ended) return;
    logEvent("error", "subscription interrupted", { service: this.#service, error });
    this.endForResumption();
  }

  /** Ends the stream with the error that tells the client to resume. */
  endForResumption() {
    if (this.#ended) return;
    this.#results.push({ data: null, errors: [interruptedError(this.#service)] });
    this.#end();
  }

  #end() {
    if (this.#ended) return;
    this.#ended = true;
    this.#request.destroy();
    this.#onEnd();
  }

  async #read() {
    const idleTimer = setTimeout(() => this.interrupt(new ReportedError("idle timeout")), this.#idleTimeoutMs);
    try {
      const { done, value } = await this.#chunks.next();
      if (done) this.interrupt(new ReportedError("the stream ended without a complete event"));
      else this.#feed(this.#decoder.decode(value, { stream: true }));
    } catch (error) {
      this.interrupt(error);
    } finally {
      clearTimeout(idleTimer);
    }
  }

  #receive(name, data) {
    if (this.#ended) return;
    if (name === "complete") this.#end();
    else this.#results.push(publicResult(this.#service, JSON.parse(data)));
  }
}

/**
 * Makes the client of one subgraph's event streams.
 *
 * @param {string} service the subgraph
 * @param {ReturnType<import("./subgraph-request.mjs").createRequestSender>} send
 * @param {(context: object, isStream: boolean) => import("./fair-queue.mjs").Place} enter waits for the turn of a call
 * @param {{timeoutMs: number, idleTimeoutMs: number}} timeouts how long a subgraph may take to respond to a query, and
 *   how long a stream may carry nothing; subgraphs send a keep-alive comment every 10 s
 * @param {ReturnType<import("./draining.mjs").createDrain>} drain
 */
export function createEventStreamClient(service, send, enter, { timeoutMs, idleTimeoutMs }, drain) {
  const open = new Set();

  /** Watches over a subscription: the engine does not end one whose client leaves while it is opened. */
  function watch(subscription, context) {
    const stopWatching = onDisconnect(context, () => void subscription.return());
    const stopDraining = drain.addStream(() => subscription.endForResumption());
    subscription.onEnd(() => {
      stopWatching();
      stopDraining();
      open.delete(subscription);
    });
    open.add(subscription);
    return subscription;
  }

  async function subscribe(execution) {
    const { context } = execution;
    const place = enter(context, true);
    let request;
    let timer;
    let isAbandoned = false;
    const stopWatching = onDisconnect(context, () => {
      isAbandoned = true;
      place.leave();
      request?.destroy();
    });
    try {
      if (!(await place.turn)) return { errors: [notAdmitted()] };
      if (drain.takesNoStreams) return { errors: [stoppingError()] };
      const body = requestBody(execution);
      const sent = (isRepeated) => (request = send("text/event-stream", body, context, place.waitMs, { isRepeated }));
      const cancel = () => request.destroy(new Error("no response in time"));
      timer = setTimeout(cancel, ACCEPT_TIMEOUT_FACTOR * timeoutMs);
      const response = await readResponseOf(service, sent, { changes: false, isWanted: () => !isAbandoned });
      if (!response.headers["content-type"]?.startsWith("text/event-stream")) {
        return publicResult(service, parseResponse(await readText(response), response), context.request);
      }
      return watch(new Subscription(service, request, response, idleTimeoutMs), context);
    } catch (error) {
      if (isAbandoned) return { errors: [unavailableError(service)] }; // nobody reads it, and nothing is out of order
      return unavailableResult(service, error, context.request);
    } finally {
      clearTimeout(timer);
      place.leave(); // a stream that is open holds none
      stopWatching();
    }
  }

  return {
    subscribe,
    async interrupt() {
      for (const subscription of open) subscription.interrupt(new Error("schema reload"));
    },
  };
}
