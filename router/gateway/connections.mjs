/** Connections from clients: how many there may be from one address, and how slow they may be. */
import { isTrusted } from "./addresses.mjs";

/** For `createServer`: a client that has not sent its headers or its request by then is let go. */
export const PATIENCE = { headersTimeout: 10_000, requestTimeout: 30_000, connectionsCheckingInterval: 2_000 };

/** Lets go of connections beyond `most` from one address; those of trusted proxies are many clients'. */
export function limitConnections(server, { connectionsPerAddress: most, trustedProxies }) {
  const open = new Map();
  server.on("connection", (socket) => {
    const address = socket.remoteAddress;
    if (address === undefined || isTrusted(address, trustedProxies)) return;
    const count = (open.get(address) ?? 0) + 1;
    if (count > most) {
      socket.destroy();
      return;
    }
    open.set(address, count);
    socket.once("close", () => {
      const left = open.get(address) - 1;
      if (left > 0) open.set(address, left);
      else open.delete(address);
    });
  });
}
