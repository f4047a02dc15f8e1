/**
 * Admits few operations at once, and few calls to each subgraph, in turn by the network of their client
 * (`fair-queue.mjs`). An operation waits before its document, and the JSON around it, is parsed. It may wait for so long
 * in all, at subgraphs too. Streams have a queue of their own, in which more wait, and for longer; once one has begun,
 * it holds no place.
 */
import { GraphQLError } from "graphql";
import sharedLimits from "../../shared/limits.json" with { type: "json" };
import { clientAddress, clientNetwork } from "./client-address.mjs";
import { onDisconnect } from "./disconnects.mjs";
import { FairQueue } from "./fair-queue.mjs";
import { createStreamRecognition } from "./stream-recognition.mjs";

const { requests, waiting, waitingStreams, callsOfSubgraph, retryAfterSeconds } = sharedLimits.admission;
const { leastWaitMilliseconds, streamWaitMilliseconds } = sharedLimits.admission;

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
 * @param {{requestWaitMs: number, upstreamTimeoutMs: number, operationsPath: string}} settings
 */
export function createAdmission({ requestWaitMs, upstreamTimeoutMs, operationsPath }) {
  const mayBeStream = createStreamRecognition(operationsPath);
  const operations = new FairQueue(requests, waiting);
  const streams = new FairQueue(requests, waitingStreams);
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

  /**
   * How long a call may wait. The events of a stream wait as long as a call may take: a client that has subscribed is not
   * refused. An operation that runs for long gets a moment, so that what it has done is not lost; and one that was taken
   * for a stream has no more time than others.
   */
  function callWaitMs(request, isStream) {
    const held = places.get(request);
    if (held === undefined) return upstreamTimeoutMs;
    const { waitMs } = held.place;
    return Math.max(isStream ? waitMs : Math.min(waitMs, requestWaitMs), leastWaitMilliseconds);
  }

  return {
    leave,

    /**
     * Waits for the turn of an operation.
     *
     * @param {{request: Request, res?: import("node:http").ServerResponse}} context
     * @param {string | Buffer} [sent] the body, the document, or its id, if it may ask for a stream
     * @returns {Promise<boolean>} false when it is refused, or when its client has left
     */
    async admit({ request, res }, sent) {
      const network = networkOf({ request });
      const place = mayBeStream(sent)
        ? streams.enter(network, Math.max(requestWaitMs, streamWaitMilliseconds))
        : operations.enter(network, requestWaitMs);
      const held = { place, stopWatching: () => {} };
      places.set(request, held);
      held.stopWatching = onDisconnect({ request, res }, () => leave(request));
      // Whatever becomes of a request, a place that was lost would be lost for ever.
      res?.once("close", () => leave(request));
      return place.turn;
    },

    /**
     * Makes the function that enters the queue of calls to one subgraph, or of streams from it that begin. How many wait
     * is bounded by the operations.
     *
     * @returns {(context: object, isStream: boolean) => import("./fair-queue.mjs").Place} a place, by which the subgraph
     *   is told how long the call may still wait
     */
    createCallQueue() {
      const calls = new FairQueue(callsOfSubgraph, Infinity);
      const beginning = new FairQueue(callsOfSubgraph, Infinity);
      return (context, isStream) => {
        const queue = isStream ? beginning : calls;
        return queue.enter(networkOf(context), callWaitMs(context.request, isStream));
      };
    },
  };
}
