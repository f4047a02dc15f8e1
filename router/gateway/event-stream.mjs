/**
 * Subscriptions to subgraphs over server-sent events, after the "distinct connections" mode of the GraphQL over SSE
 * protocol (https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md).
 *
 * The gateway's own reader splits on LF LF alone, breaks characters that cross two chunks, and cannot tell a stream
 * that was completed from one that was cut. This one can: a cut stream ends with a coded error.
 */
import { print, stripIgnoredCharacters } from "graphql";
import { interrupted, publicResult } from "./errors.mjs";
import { logEvent } from "./log.mjs";

/** Splits the text of an event stream into events; a chunk may end anywhere. */
function eventParser(onEvent) {
  let rest = "";
  let name = "";
  let data = [];
  return function feed(text) {
    const lines = (rest + text).split("\n");
    rest = lines.pop();
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

/** One subscription: an async iterator over the results that its event stream carries. */
class Subscription {
  #service;
  #reader;
  #abort;
  #silenceMs;
  #onEnd;
  #decoder = new TextDecoder();
  #results = [];
  #ended = false;
  #feed = eventParser((name, data) => this.#receive(name, data));

  constructor(service, body, abort, silenceMs, onEnd) {
    this.#service = service;
    this.#reader = body.getReader();
    this.#abort = abort;
    this.#silenceMs = silenceMs;
    this.#onEnd = onEnd;
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

  /** Ends the stream with the error that asks the client to resume. */
  interrupt(error) {
    if (this.#ended) return;
    logEvent("error", "a subscription was interrupted", { service: this.#service, error });
    this.#results.push({ data: null, errors: [interrupted(this.#service)] });
    this.#end();
  }

  #end() {
    if (this.#ended) return;
    this.#ended = true;
    this.#abort.abort();
    this.#onEnd(this);
  }

  async #read() {
    const silence = setTimeout(() => this.interrupt(new Error("no sign of life")), this.#silenceMs);
    try {
      const { done, value } = await this.#reader.read();
      if (done) this.interrupt(new Error("the stream ended without being completed"));
      else this.#feed(this.#decoder.decode(value, { stream: true }));
    } catch (error) {
      this.interrupt(error);
    } finally {
      clearTimeout(silence);
    }
  }

  #receive(name, data) {
    if (this.#ended) return;
    if (name === "complete") this.#end();
    else this.#results.push(publicResult(this.#service, JSON.parse(data)));
  }
}

/**
 * The transport of the kind "event-stream", for the gateway's `transports`.
 *
 * @param {number} answerTimeoutMs how long a subgraph may take to accept a subscription
 * @param {number} silenceMs how long a stream may carry nothing, not even the sign of life that subgraphs give every 10 s
 */
export function eventStreamTransport(answerTimeoutMs, silenceMs) {
  return {
    getSubgraphExecutor({ subgraphName, transportEntry, fetch }) {
      const open = new Set();

      async function subscribe({ document, variables, operationName, extensions, context, info }) {
        const abort = new AbortController();
        const late = setTimeout(() => abort.abort(new Error("no answer in time")), answerTimeoutMs);
        try {
          const response = await fetch(
            transportEntry.location,
            {
              method: "POST",
              headers: {
                ...extensions?.headers,
                accept: "text/event-stream",
                "content-type": "application/json",
              },
              body: JSON.stringify({ query: stripIgnoredCharacters(print(document)), variables, operationName }),
              signal: abort.signal,
            },
            context,
            info,
          );
          if (!response.headers.get("content-type")?.startsWith("text/event-stream")) return await response.json();
          const onEnd = (ended) => open.delete(ended);
          const subscription = new Subscription(subgraphName, response.body, abort, silenceMs, onEnd);
          open.add(subscription);
          return subscription;
        } finally {
          clearTimeout(late);
        }
      }

      return Object.assign(subscribe, {
        async [Symbol.asyncDispose]() {
          for (const subscription of open) subscription.interrupt(new Error("the router changes its schema"));
        },
      });
    },
  };
}
