/**
 * Connections to subgraphs, kept open between calls. Idle ones are closed well before a subgraph would close them (after
 * 75 s), because a request on a connection that is being closed is lost; the defaults of Node and of uvicorn are the same
 * 5 s. Busy ones are closed at an age: a balancer of connections, such as a Service of Kubernetes, gives a new replica its
 * share of new ones only.
 */
import { Agent as HttpAgent, request as requestByHttp } from "node:http";
import { Agent as HttpsAgent, request as requestByHttps } from "node:https";

const IDLE_TIMEOUT_MS = 30_000;
const OPTIONS = { keepAlive: true, keepAliveMsecs: 10_000, timeout: IDLE_TIMEOUT_MS, scheduling: "lifo" };

/** An agent whose connections are not used again beyond an age, which is up to twice the least: not all at once. */
function withAgeLimit(Agent) {
  return class extends Agent {
    #ends = new WeakMap();
    #leastAgeMs;

    constructor(leastAgeMs) {
      super(OPTIONS);
      this.#leastAgeMs = leastAgeMs;
    }

    createConnection(...args) {
      const socket = super.createConnection(...args);
      this.#ends.set(socket, performance.now() + this.#leastAgeMs * (1 + Math.random()));
      return socket;
    }

    /** Called between two calls. */
    keepSocketAlive(socket) {
      return performance.now() < this.#ends.get(socket) && super.keepSocketAlive(socket);
    }
  };
}

const PROTOCOLS = {
  "http:": { request: requestByHttp, Kept: withAgeLimit(HttpAgent), fresh: new HttpAgent() },
  "https:": { request: requestByHttps, Kept: withAgeLimit(HttpsAgent), fresh: new HttpsAgent() },
};
const kept = new Map();

/**
 * Finds what sends requests to a URL.
 *
 * @param {string} protocol of the URL, such as `http:`
 * @param {number} connectionAgeMs
 * @returns what makes a request, the agent of kept connections, and the one that opens a connection for each request
 */
export function agentsOf(protocol, connectionAgeMs) {
  const { request, Kept, fresh } = PROTOCOLS[protocol];
  const key = `${protocol} ${connectionAgeMs}`;
  if (!kept.has(key)) kept.set(key, new Kept(connectionAgeMs));
  return { request, keptAgent: kept.get(key), freshAgent: fresh };
}
