/** Limits of client connections: how many one address may open, and how slow they may be. */
import { isTrustedProxy } from "./client-address.mjs";

/**
 * Options of `createServer`: a client that has not sent its headers or its request in time is disconnected. Idle
 * connections are kept longer than balancers keep theirs (60 s): a request on a connection that is being closed is
 * lost, and balancers do not send a POST again.
 */
export const SERVER_TIMEOUTS = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  keepAliveTimeout: 75_000,
  connectionsCheckingInterval: 2_000,
};

/** Closes connections of one address beyond the maximum. Trusted proxies carry many clients and are exempt. */
export function limitConnections(server, { connectionsPerAddress: maximum, trustedProxies }) {
  const open = new Map();
  server.on("connection", (socket) => {
    const address = socket.remoteAddress;
    if (address === undefined || isTrustedProxy(address, trustedProxies)) return;
    const count = (open.get(address) ?? 0) + 1;
    if (count > maximum) {
      socket.destroy();
      return;
    }
    open.set(address, count);
    socket.once("close", () => {
      const remaining = open.get(address) - 1;
      if (remaining > 0) open.set(address, remaining);
      else open.delete(address);
    });
  });
}
