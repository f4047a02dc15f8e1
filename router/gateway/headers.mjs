/**
 * Which headers travel: authorization, traceparent, the wish not to be tracked and x-request-id go from the client to
 * the subgraphs, and the request id comes back to the client. A WebSocket client sends its authorization in the connection parameters.
 */
import { randomUUID } from "node:crypto";

const REQUEST_ID = "x-request-id";
const ACCEPTABLE_ID = /^[\w.:-]{1,128}$/;
const HEADER_VALUE = /^[\x20-\x7e]*$/;

const requestIds = new WeakMap();

/** The id of a request: the client's, if it is plain and short, else a new one. */
export function requestIdOf(request) {
  let id = requestIds.get(request);
  if (id === undefined) {
    const asked = request.headers.get(REQUEST_ID);
    id = asked !== null && ACCEPTABLE_ID.test(asked) ? asked : randomUUID();
    requestIds.set(request, id);
  }
  return id;
}

function connectionParameter(parameters, name) {
  const entry = Object.entries(parameters ?? {}).find(([key]) => key.toLowerCase() === name);
  return typeof entry?.[1] === "string" && HEADER_VALUE.test(entry[1]) ? entry[1] : undefined;
}

/** What proves who sent an operation: over WebSocket it stands in the connection parameters. */
export function authorizationOf(context, request) {
  return connectionParameter(context.connectionParams, "authorization") ?? request.headers.get("authorization");
}

/** For the gateway's `propagateHeaders.fromClientToSubgraphs`: whatever the answer of a subgraph may depend on. */
export function forwardedHeaders({ context, request }) {
  const forwarded = {};
  for (const name of ["authorization", "traceparent", "dnt", "sec-gpc"]) {
    const value = connectionParameter(context.connectionParams, name) ?? request.headers.get(name);
    if (value) forwarded[name] = value;
  }
  return forwarded;
}

/**
 * Sends the request id to the subgraphs and back to the client. It is added at the last moment, because equal
 * requests in flight share one fetch only while all their forwarded headers are equal: a thousand subscribers with
 * one identity then cost one fetch per event instead of a thousand.
 */
export function useRequestId() {
  return {
    onFetch({ context, options, setOptions }) {
      const { request } = context;
      if (request === undefined) return;
      setOptions({ ...options, headers: { ...options.headers, [REQUEST_ID]: requestIdOf(request) } });
    },
    onResponse({ request, response }) {
      response.headers.set(REQUEST_ID, requestIdOf(request));
    },
  };
}
