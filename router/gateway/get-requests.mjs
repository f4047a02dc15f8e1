/**
 * Trusted documents by GET, so that a CDN can serve public reads:
 * `?documentId=sha256:…&variables={…}&operationName=…`, or `extensions={"persistedQuery":{"sha256Hash":"…"}}`.
 *
 * Any page can make a browser send a GET request, and anything on the way may store the answer. So GET runs public
 * reads alone, which change nothing and show the same to everybody; any other operation is sent by POST.
 */
import { GraphQLError } from "graphql";
import { isHeld, notModified } from "./entity-tags.mjs";
import { parseJson } from "./exact-numbers.mjs";
import { entityTagOf, publicRead } from "./response-cache.mjs";
import { refusal } from "./responses.mjs";

/** How long a CDN may serve an answer before it asks again with the entity tag; browsers always ask. */
const CACHE_CONTROL = "public, max-age=0, s-maxage=10";
const VARY = ["accept", "accept-encoding"];
const NO_DOCUMENT = "GET runs trusted documents by their id: send any other operation by POST.";
const NOT_PUBLIC = "GET runs public queries alone: send this operation by POST.";

function jsonParameter(parameters, name) {
  return parameters.get(name) ? parseJson(parameters.get(name)) : undefined;
}

/** The members of a request, from the query of its URL. An empty parameter is none. */
function readParameters(request) {
  const parameters = new URL(request.url, "http://localhost").searchParams;
  return {
    query: parameters.get("query") || undefined,
    documentId: parameters.get("documentId") || undefined,
    operationName: parameters.get("operationName") || undefined,
    variables: jsonParameter(parameters, "variables"),
    extensions: jsonParameter(parameters, "extensions"),
  };
}

/** The members of a request, or the response that refuses it. */
function parseGet(request, fetchAPI) {
  let params;
  try {
    params = readParameters(request);
  } catch (error) {
    if (error instanceof GraphQLError) return refusal(fetchAPI, 400, error.extensions.code, error.message);
    return refusal(fetchAPI, 400, "BAD_REQUEST", "The parameters `variables` and `extensions` must be JSON.");
  }
  const hasId = params.documentId ?? params.extensions?.persistedQuery?.sha256Hash;
  return params.query || !hasId ? refusal(fetchAPI, 405, "BAD_REQUEST", NO_DOCUMENT, { allow: "POST" }) : params;
}

function notPublic() {
  const http = { status: 405, headers: { allow: "POST" } };
  return new GraphQLError(NOT_PUBLIC, { extensions: { code: "BAD_REQUEST", http } });
}

function refuseUnlessPublic({ args, setResultAndStopExecution }) {
  const { request, overWebSocket } = args.contextValue;
  if (overWebSocket || request.method !== "GET" || publicRead(args.schema, args.document)) return;
  setResultAndStopExecution({ errors: [notPublic()] });
}

/** Answers GET requests. */
export function useGetRequests() {
  return {
    onRequestParse({ request, fetchAPI, setRequestParser, endResponse }) {
      if (request.method !== "GET") return;
      const parsed = parseGet(request, fetchAPI);
      if (parsed instanceof fetchAPI.Response) endResponse(parsed);
      else setRequestParser(() => parsed);
    },
    onExecute: refuseUnlessPublic,
    onSubscribe: refuseUnlessPublic,
    onResponse({ request, response, setResponse, fetchAPI }) {
      const tag = request.method === "GET" && response.status === 200 ? entityTagOf(request) : undefined;
      if (tag === undefined) return;
      response.headers.set("cache-control", CACHE_CONTROL);
      response.headers.set("etag", tag);
      for (const name of VARY) response.headers.append("vary", name);
      if (isHeld(request, tag)) setResponse(notModified(response, fetchAPI));
    },
  };
}
