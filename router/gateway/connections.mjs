/**
 * The connections to the subgraphs. They are kept open between requests, but idle ones are given up well before a
 * subgraph would close them (it waits 75 s): a request on a connection that is just being closed is lost, and the
 * defaults of Node and of uvicorn are the same five seconds.
 */
import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";

const IDLE_TIMEOUT_MS = 30_000;
const OPTIONS = { keepAlive: true, keepAliveMsecs: 10_000, timeout: IDLE_TIMEOUT_MS, scheduling: "lifo" };

const httpAgent = new HttpAgent(OPTIONS);
const httpsAgent = new HttpsAgent(OPTIONS);

/** For the gateway's `customAgent`. */
export function agentFor({ url }) {
  return url.startsWith("https:") ? httpsAgent : httpAgent;
}
