/**
 * Propagation of headers: authorization, traceparent, the tracking opt-outs (dnt, sec-gpc) and x-request-id go from
 * the client to the subgraphs, and the request id returns to the client. A WebSocket client sends its authorization in
 * the connection parameters.
 */
import { randomUUID } from "node:crypto";

const REQUEST_ID = "x-request-id";
const VALID_REQUEST_ID = /^[\w.:-]{1,128}$/;
const HEADER_VALUE = /^[\x20-\x7e]*$/;

const requestIds = new WeakMap();
const forwarded = new WeakMap();

/** The id of a request: the client's if it is valid, otherwise a new one. */
export function requestIdOf(request) {
  let id = requestIds.get(request);
  if (id === undefined) {
    const given = request.headers.get(REQUEST_ID);
    id = given !== null && VALID_REQUEST_ID.test(given) ? given : randomUUID();
    requestIds.set(request, id);
  }
  return id;
}

function connectionParameter(parameters, name) {
  const entry = Object.entries(parameters ?? {}).find(([key]) => key.toLowerCase() === name);
  return typeof entry?.[1] === "string" && HEADER_VALUE.test(entry[1]) ? entry[1] : undefined;
}

/** The authorization of an operation; over WebSocket it comes from the connection parameters. */
export function authorizationOf(context, request) {
  return connectionParameter(context.connectionParams, "authorization") ?? request.headers.get("authorization");
}

function readForwardedHeaders(context) {
  const found = {};
  for (const name of ["authorization", "traceparent", "dnt", "sec-gpc"]) {
    const value = connectionParameter(context.connectionParams, name) ?? context.request.headers.get(name);
    if (value) found[name] = value;
  }
  return found;
}

/** The headers that go to the subgraphs: everything that their responses may depend on. */
export function forwardedHeaders(context) {
  if (!forwarded.has(context.request)) forwarded.set(context.request, readForwardedHeaders(context));
  return forwarded.get(context.request);
}

/** Returns the request id to the client. */
export function useRequestId() {
  return {
    onResponse({ request, response }) {
      response.headers.set(REQUEST_ID, requestIdOf(request));
    },
  };
}
