/**
 * Admits few operations at once, and few calls to each subgraph, in turn by the network of their client
 * (`fair-queue.mjs`). An operation waits before its document, and the JSON around it, is parsed. A stream holds no place
 * once it has begun.
 */
import { GraphQLError } from "graphql";
import sharedLimits from "../../shared/limits.json" with { type: "json" };
import { clientAddress, clientNetwork } from "./client-address.mjs";
import { onDisconnect } from "./disconnects.mjs";
import { FairQueue } from "./fair-queue.mjs";

const { requests, waiting, callsOfSubgraph, retryAfterSeconds } = sharedLimits.admission;

/** The error of an operation, or of a field, that was not admitted. */
export function notAdmitted() {
  return new GraphQLError(`Too many requests are being handled; try again in ${retryAfterSeconds} s.`, {
    extensions: {
      code: "RATE_LIMITED",
      retryAfter: retryAfterSeconds,
      http: { status: 429, headers: { "retry-after": String(retryAfterSeconds) } },
    },
  });
}

/**
 * Makes the queues.
 *
 * @param {{requestWaitMs: number, upstreamTimeoutMs: number}} settings
 */
export function createAdmission({ requestWaitMs, upstreamTimeoutMs }) {
  const operations = new FairQueue(requests, waiting);
  const places = new WeakMap();

  function networkOf({ request }) {
    return clientNetwork(clientAddress(request));
  }

  /** Gives back the place of a request, if it has one. */
  function leave(request) {
    const held = places.get(request);
    if (held === undefined) return;
    places.delete(request);
    held.stopWatching();
    held.place.leave();
  }

  return {
    leave,

    /**
     * Waits for the turn of an operation.
     *
     * @param {{request: Request, res?: import("node:http").ServerResponse}} context
     * @returns {Promise<boolean>} false when it is refused, or when its client has left
     */
    async admit({ request, res }) {
      const place = operations.enter(networkOf({ request }), requestWaitMs);
      const held = { place, stopWatching: () => {} };
      places.set(request, held);
      held.stopWatching = onDisconnect({ request, res }, () => leave(request));
      // Whatever becomes of a request, a place that was lost would be lost for ever.
      res?.once("close", () => leave(request));
      return place.turn;
    },

    /**
     * Makes the function that enters the queue of calls to one subgraph. How many wait is bounded by the operations. The
     * events of a stream wait as long as a call may take: a client that has subscribed is not refused.
     *
     * @returns {(context: object) => import("./fair-queue.mjs").Place}
     */
    createCallQueue() {
      const calls = new FairQueue(callsOfSubgraph, Infinity);
      return (context) => calls.enter(networkOf(context), places.has(context.request) ? requestWaitMs : upstreamTimeoutMs);
    },
  };
}
