/**
 * The transport to subgraphs, for the gateway's `transports`. It stands in place of the gateway's own, whose layers of
 * hooks, signals and responses cost the router more than half of what it did for a query.
 *
 * Equal queries in flight share one call while the headers that travel with them are equal: a thousand subscribers
 * with one identity then cost one call per event instead of a thousand. It carries the address and the request id of
 * the first who asked, and ends when all have left who wait for it.
 */
import { publicResult, silence } from "./errors.mjs";
import { eventStreamsFrom } from "./event-stream.mjs";
import { forwardedHeaders } from "./headers.mjs";
import { onLeave } from "./leaving.mjs";
import { answerTo, bodyOf, senderTo, textOf } from "./sending.mjs";

const ACCEPT = "application/graphql-response+json, application/json";

/** A call in flight, and how many wait for it. */
class Call {
  #sent;
  #onEnd;
  #waiting = 0;

  /** @param {() => void} onEnd called when nobody may join any more */
  constructor(sent, timeoutMs, onEnd) {
    this.#sent = sent;
    this.#onEnd = onEnd;
    this.text = this.#read(timeoutMs);
  }

  async #read(timeoutMs) {
    const late = setTimeout(() => this.#sent.destroy(tooLate()), timeoutMs);
    try {
      return await textOf(await answerTo(this.#sent));
    } finally {
      clearTimeout(late);
      this.#onEnd();
    }
  }

  join() {
    this.#waiting += 1;
  }

  leave() {
    this.#waiting -= 1;
    if (this.#waiting > 0) return;
    this.#sent.destroy();
    this.#onEnd();
  }
}

function tooLate() {
  return Object.assign(new Error("no answer in time"), { code: "TIMEOUT" });
}

/** Executes queries and mutations at one subgraph. */
function callsTo(service, send, timeoutMs) {
  const flying = new Map();

  function call(body, operationType, context) {
    const begin = (onEnd) => new Call(send(ACCEPT, body, context), timeoutMs, onEnd);
    if (operationType !== "query") return begin(() => {});
    const key = JSON.stringify([forwardedHeaders(context), body]);
    if (!flying.has(key)) flying.set(key, begin(() => flying.delete(key)));
    return flying.get(key);
  }

  return async function execute(execution) {
    const { operationType, context } = execution;
    const joined = call(bodyOf(execution), operationType, context);
    joined.join();
    const stay = onLeave(context, () => joined.leave());
    try {
      // Each has an answer of its own: the gateway writes into it.
      return publicResult(service, JSON.parse(await joined.text), context.request);
    } catch (error) {
      return silence(service, error, context.request);
    } finally {
      stay();
    }
  };
}

/**
 * @param {{deriveKey: (purpose: string) => Buffer, upstreamTimeoutMs: number, upstreamSilenceMs: number}} settings how
 *   requests are signed, how long a subgraph may take to answer, and how long a stream may carry nothing
 */
export function subgraphTransport({ deriveKey, upstreamTimeoutMs, upstreamSilenceMs }) {
  return {
    getSubgraphExecutor({ subgraphName, transportEntry }) {
      const send = senderTo(transportEntry.location, deriveKey);
      const call = callsTo(subgraphName, send, upstreamTimeoutMs);
      const streams = eventStreamsFrom(subgraphName, send, upstreamTimeoutMs, upstreamSilenceMs);
      return Object.assign(
        (execution) => (execution.operationType === "subscription" ? streams.subscribe(execution) : call(execution)),
        { [Symbol.asyncDispose]: streams.interrupt },
      );
    },
  };
}
