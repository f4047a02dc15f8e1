/**
 * Propagation of headers: authorization, traceparent, the tracking opt-outs (dnt, sec-gpc) and x-request-id go from
 * the client to the subgraphs, and the request id returns to the client. The user agent goes along
 * (`subgraph-request.mjs`), but no answer to a query depends on it. A WebSocket client sends its authorization in
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

const TRAVELLING = ["authorization", "traceparent", "dnt", "sec-gpc"];

/** The headers of a WebSocket's handshake that are read, as pairs without all others. */
export function travellingHeaders({ headersDistinct }) {
  const names = [...TRAVELLING, REQUEST_ID].filter((name) => name in headersDistinct);
  return names.map((name) => [name, headersDistinct[name].join(", ")]);
}

/**
 * The connection parameters of a WebSocket that are read, without all others.
 *
 * @returns {Record<string, string> | undefined} undefined when one of them is no value of a header
 */
export function travellingParameters(parameters) {
  const travelling = {};
  for (const [key, value] of Object.entries(parameters ?? {})) {
    const name = key.toLowerCase();
    if (!TRAVELLING.includes(name) || value === null || value === undefined) continue;
    if (typeof value !== "string" || !HEADER_VALUE.test(value)) return undefined;
    travelling[name] = value;
  }
  return travelling;
}

function connectionParameter(parameters, name) {
  return parameters?.[name];
}

/** The authorization of an operation; over WebSocket it comes from the connection parameters. */
export function authorizationOf(context, request) {
  return connectionParameter(context.connectionParams, "authorization") ?? request.headers.get("authorization");
}

function readForwardedHeaders(context) {
  const found = {};
  for (const name of TRAVELLING) {
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
