/**
 * HTTP responses. Their format follows the `Accept` header; their status follows GraphQL over HTTP
 * (https://graphql.github.io/graphql-over-http/draft/): a result with data is 200. A request that is no well-formed
 * GraphQL request is 400. An operation that does not run is 400 as application/graphql-response+json, and 200 as
 * application/json, by which clients cannot tell the response of a server from that of a proxy before it. Refusals for
 * other reasons (401, 405, 429, 503) have their status in both.
 */
import { GRAPHQL_TYPE, JSON_TYPE, acceptedTypes } from "./negotiation.mjs";
import { formatResult, isRequestError } from "./results.mjs";
import { streamResponse } from "./streams.mjs";

const NOT_ACCEPTABLE = "Answers are application/json or application/graphql-response+json.";
const STREAM_NOT_ACCEPTABLE =
  "Subscriptions are answered as text/event-stream, as multipart/mixed;subscriptionSpec=1.0, or over WebSocket.";
/** The errors of operations that do not run. The gateway gives some of them a status of its own. */
const STANDARD_CODES = [
  "BAD_USER_INPUT",
  "GRAPHQL_PARSE_FAILED",
  "GRAPHQL_VALIDATION_FAILED",
  "OPERATION_RESOLUTION_FAILURE",
];

/** A response in JSON that refuses a request before it is one of GraphQL. */
export function refusal(fetchAPI, status, code, message, headers = {}) {
  return fetchAPI.Response.json({ errors: [{ message, extensions: { code } }] }, { status, headers });
}

function statedHttp({ code, http } = {}) {
  if (code === "INTERNAL_SERVER_ERROR") return { status: 500 };
  return STANDARD_CODES.includes(code) ? undefined : http;
}

/**
 * When to try again, where a subgraph refused a field for its limits: the longest that its errors state. A mutation
 * that answers with a problem has it in the problem alone, whose name in the result the client chooses.
 */
function retryHeaders({ errors }) {
  const seconds = (errors ?? []).map(({ extensions }) => extensions?.retryAfter).filter(Number.isInteger);
  return seconds.length === 0 ? {} : { "retry-after": String(Math.max(...seconds)) };
}

/** The status and the headers of a result in one media type. */
function responseInit(result, type) {
  if (!isRequestError(result)) return { status: 200, headers: retryHeaders(result) };
  const stated = result.errors.map(({ extensions }) => statedHttp(extensions)).filter((http) => http?.status);
  if (stated.length === 0) return { status: type === GRAPHQL_TYPE ? 400 : 200, headers: {} };
  return {
    status: Math.max(...stated.map(({ status }) => status)),
    headers: Object.assign({}, ...stated.map(({ headers }) => headers)),
  };
}

function respond(result, fetchAPI, type) {
  const { status, headers } = responseInit(result, type);
  if (type !== JSON_TYPE && type !== GRAPHQL_TYPE) return streamResponse(result, type, fetchAPI, { status, headers });
  return new fetchAPI.Response(JSON.stringify(formatResult(result)), {
    status,
    headers: { "content-type": `${type}; charset=utf-8`, ...headers },
  });
}

/** Answers HTTP requests, and refuses those whose client would not accept the answer before anything runs. */
export function useResponses() {
  const refused = new WeakSet();
  return {
    onRequestParse({ request, fetchAPI, endResponse }) {
      if (acceptedTypes(request).single === undefined) {
        endResponse(refusal(fetchAPI, 406, "NOT_ACCEPTABLE", NOT_ACCEPTABLE));
      }
    },
    onSubscribe({ args, setResultAndStopExecution }) {
      const { request, overWebSocket } = args.contextValue;
      if (overWebSocket || acceptedTypes(request).stream !== undefined) return;
      refused.add(request);
      setResultAndStopExecution({ data: null });
    },
    onResultProcess({ request, result, setResultProcessor }) {
      if (refused.has(request)) {
        const answer = (_result, fetchAPI) => refusal(fetchAPI, 406, "NOT_ACCEPTABLE", STREAM_NOT_ACCEPTABLE);
        setResultProcessor(answer, JSON_TYPE);
        return;
      }
      const { single, stream } = acceptedTypes(request);
      setResultProcessor(respond, Symbol.asyncIterator in result ? stream : single);
    },
  };
}
