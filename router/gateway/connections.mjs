/** Limits of client connections: how many one network may open, how slow they may be, and how much they may leave unread. */
import sharedLimits from "../../shared/limits.json" with { type: "json" };
import { clientNetwork, isTrustedProxy, resolveClientAddress } from "./client-address.mjs";

const LIMITS = sharedLimits.connections;

/**
 * Options of `createServer`: a client that has not sent its headers or its request in time is disconnected. Idle
 * connections are kept longer than balancers keep theirs (60 s): a request on a connection that is being closed is
 * lost, and balancers do not send a POST again.
 */
export const SERVER_TIMEOUTS = {
  headersTimeout: LIMITS.headersSeconds * 1_000,
  requestTimeout: LIMITS.requestSeconds * 1_000,
  keepAliveTimeout: LIMITS.idleSeconds * 1_000,
  connectionsCheckingInterval: 2_000,
};
/** Browsers do not pipeline; a proxy that does waits for responses. */
const MAX_REQUESTS_AT_ONCE = LIMITS.pipelinedRequests;

/** Counts connections by the network of their client. */
export function createConnectionCounter(maximum) {
  const open = new Map();
  return {
    isFull: (address) => (open.get(clientNetwork(address)) ?? 0) >= maximum,
    add(address, socket) {
      const network = clientNetwork(address);
      open.set(network, (open.get(network) ?? 0) + 1);
      socket.once("close", () => {
        const remaining = open.get(network) - 1;
        if (remaining > 0) open.set(network, remaining);
        else open.delete(network);
      });
    },
  };
}

/** Closes a connection whose client takes nothing of what it was sent, because all of that is kept in memory. */
function limitUnread(socket, timeoutMs) {
  let taken = 0;
  let waits = false;
  const timer = setInterval(() => {
    const sent = socket.bytesWritten - socket.writableLength;
    if (waits && sent === taken && socket.writableLength > 0) socket.destroy();
    waits = socket.writableLength > 0;
    taken = sent;
  }, timeoutMs);
  timer.unref();
  socket.once("close", () => clearInterval(timer));
}

/** Closes connections that send requests without waiting for responses: the responses would be kept in memory. */
function limitPipelining(server) {
  const running = new WeakMap();
  server.on("request", ({ socket }, response) => {
    const count = (running.get(socket) ?? 0) + 1;
    running.set(socket, count);
    if (count > MAX_REQUESTS_AT_ONCE) socket.destroy();
    response.once("close", () => running.set(socket, running.get(socket) - 1));
  });
}

/** Counts responses that wait for their turn on a connection too. */
function countUnreadResponses(server, trustedProxies, held) {
  server.on("request", (request, response) => {
    const address = resolveClientAddress(request, trustedProxies);
    const bytes = () => response.writableLength;
    response.once("close", held.countUnread(address, bytes, () => request.socket.destroy()));
  });
}

/**
 * Limits the connections of a server. Trusted proxies carry many clients: their number is not limited.
 *
 * @param {import("node:http").Server} server
 * @param {{connectionsPerAddress: number, trustedProxies: object, writeTimeoutMs: number}} settings
 * @param {ReturnType<import("./held-bytes.mjs").createHeldBytes>} held
 */
export function limitConnections(server, { connectionsPerAddress, trustedProxies, writeTimeoutMs }, held) {
  const connections = createConnectionCounter(connectionsPerAddress);
  limitPipelining(server);
  countUnreadResponses(server, trustedProxies, held);
  server.on("connection", (socket) => {
    limitUnread(socket, writeTimeoutMs);
    const address = socket.remoteAddress;
    if (address === undefined || isTrustedProxy(address, trustedProxies)) return;
    if (connections.isFull(address)) socket.destroy();
    else connections.add(address, socket);
  });
}
