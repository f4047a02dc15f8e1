/**
 * Connections from clients: how many there may be from one address, and how slow they may be. And those to the
 * subgraphs. They are kept open between requests, but idle ones are given up well before a
 * subgraph would close them (it waits 75 s): a request on a connection that is just being closed is lost, and the
 * defaults of Node and of uvicorn are the same five seconds.
 */
import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import { isTrusted } from "./addresses.mjs";

const IDLE_TIMEOUT_MS = 30_000;
const OPTIONS = { keepAlive: true, keepAliveMsecs: 10_000, timeout: IDLE_TIMEOUT_MS, scheduling: "lifo" };

const httpAgent = new HttpAgent(OPTIONS);
const httpsAgent = new HttpsAgent(OPTIONS);

/** For the gateway's `customAgent`. */
export function agentFor({ url }) {
  return url.startsWith("https:") ? httpsAgent : httpAgent;
}

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
