/**
 * How the router stops without losing requests. At the first SIGTERM or SIGINT it is unready at once, goes on for
 * `PETPLUS_DRAIN_SECONDS`, in which balancers learn of it, and closes each connection after its answer. Then it closes
 * its listener, tells open streams to resume elsewhere, refuses new ones, and exits with status 0 when the requests in
 * flight have ended. A second signal ends the process. Subgraphs do the same (`shared/http/draining.py`).
 */
import { GraphQLError } from "graphql";
import { logEvent } from "./log.mjs";

const SIGNALS = ["SIGTERM", "SIGINT"];
const RETRY_AFTER_SECONDS = "1";
/** The reason that readiness checks give. */
export const STOPPING = "The process is stopping.";

/** The error of a stream that is not opened any more. */
export function stoppingError() {
  return new GraphQLError(`${STOPPING} Subscribe again.`, {
    extensions: { code: "UNAVAILABLE", http: { status: 503, headers: { "retry-after": RETRY_AFTER_SECONDS } } },
  });
}

/** Makes what tells how far the router is with its stop. */
export function createDrain() {
  const streams = new Set();
  const responses = new Set();
  let hasBegun = false;
  let takesNoStreams = false;
  return {
    get hasBegun() {
      return hasBegun;
    },
    get takesNoStreams() {
      return takesNoStreams;
    },
    begin() {
      hasBegun = true;
      for (const response of responses) response.shouldKeepAlive = false;
    },
    endStreams() {
      takesNoStreams = true;
      for (const end of streams) end();
    },
    /** Has a stream ended with the others, or at once if they have; returns what forgets it. */
    addStream(end) {
      streams.add(end);
      if (takesNoStreams) end();
      return () => streams.delete(end);
    },
    /** Has a server close each connection after its answer from the signal on. */
    watch(server) {
      server.prependListener("request", ({ socket }, response) => {
        responses.add(response);
        if (hasBegun) response.shouldKeepAlive = false;
        response.once("close", () => {
          responses.delete(response);
          if (hasBegun) socket.end(); // one that had sent its headers did not say so
        });
      });
    },
  };
}

/**
 * Stops a server at the first signal.
 *
 * @param {import("node:http").Server} server
 * @param {{stop(): void}} sockets
 * @param {ReturnType<typeof createDrain>} drain
 * @param {{drainMs: number, graceMs: number}} settings
 */
export function stopAtSignal(server, sockets, drain, { drainMs, graceMs }) {
  function close() {
    setTimeout(() => process.exit(0), graceMs).unref();
    server.close(() => process.exit(0));
    drain.endStreams();
    sockets.stop();
    server.closeIdleConnections();
  }
  function begin() {
    for (const signal of SIGNALS) process.off(signal, begin);
    logEvent("info", "router stopping", { drainMs });
    drain.begin();
    if (drainMs > 0) setTimeout(close, drainMs);
    else close();
  }
  for (const signal of SIGNALS) process.on(signal, begin);
}
