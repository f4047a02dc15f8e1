/**
 * Checks of HTTP requests: a POST with a JSON body of at most one mebibyte in valid UTF-8 that holds one object, and
 * subscriptions only when the client accepts an event stream. Any other request is rejected before anything runs, with
 * a status and a coded error in JSON.
 */
import { GraphQLError } from "graphql";
import sharedLimits from "../../shared/limits.json" with { type: "json" };
import { parseJson } from "./exact-numbers.mjs";

export const MAX_BODY_BYTES = sharedLimits.bodyBytes;

const JSON_TYPES = ["application/json", "application/graphql+json"];
const NOT_ACCEPTABLE = "Subscriptions are answered as text/event-stream, or over WebSocket.";
const STREAM_TYPES = ["text/event-stream", "text/*", "*/*"];

function refusal(fetchAPI, status, code, message, headers = {}) {
  return fetchAPI.Response.json({ errors: [{ message, extensions: { code } }] }, { status, headers });
}

function tooLarge(fetchAPI) {
  return refusal(fetchAPI, 413, "REQUEST_TOO_LARGE", `The body is larger than ${MAX_BODY_BYTES} bytes.`);
}

function mediaType(text) {
  return text.split(";", 1)[0].trim().toLowerCase();
}

/**
 * Reads the body; undefined as soon as it is too large, because a chunked body does not state its length. The rest of
 * such a body is discarded, so that the client can read the response.
 */
function readBody(incoming) {
  return new Promise((resolve, reject) => {
    const chunks = [];
    let size = 0;
    incoming.on("data", (chunk) => {
      size += chunk.byteLength;
      if (size <= MAX_BODY_BYTES) {
        chunks.push(chunk);
      } else {
        chunks.length = 0;
        resolve(undefined);
      }
    });
    incoming.once("end", () => resolve(Buffer.concat(chunks))).once("error", reject);
  });
}

async function parseBody(incoming, fetchAPI) {
  const bytes = await readBody(incoming);
  if (bytes === undefined) return tooLarge(fetchAPI);
  let body;
  try {
    body = parseJson(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (error) {
    if (error instanceof GraphQLError) return refusal(fetchAPI, 400, error.extensions.code, error.message);
    return refusal(fetchAPI, 400, "BAD_REQUEST", "The body is not valid JSON in UTF-8.");
  }
  if (typeof body !== "object" || body === null || Array.isArray(body)) {
    return refusal(fetchAPI, 400, "BAD_REQUEST", "The body must be one JSON object with a query.");
  }
  return body;
}

/** Checks the methods and bodies of HTTP requests. */
export function useRequestChecks() {
  return {
    onRequest({ request, fetchAPI, endResponse }) {
      if (Number(request.headers.get("content-length")) > MAX_BODY_BYTES) endResponse(tooLarge(fetchAPI));
    },
    onPluginInit({ plugins }) {
      // Last, to replace the gateway's own limit, which would pipe the body through two more streams.
      plugins.push({
        onRequestParse({ request, fetchAPI, serverContext, setRequestParser }) {
          if (request.method === "POST") setRequestParser(() => parseBody(serverContext.req, fetchAPI));
        },
      });
    },
    onRequestParse({ request, fetchAPI, endResponse }) {
      if (request.method === "POST") {
        if (!JSON_TYPES.includes(mediaType(request.headers.get("content-type") ?? ""))) {
          endResponse(refusal(fetchAPI, 415, "BAD_REQUEST", "The content type must be application/json."));
        }
      } else if (request.method === "GET") {
        // Any page may send a GET request, and browsers may cache the response.
        endResponse(refusal(fetchAPI, 405, "BAD_REQUEST", "Send operations by POST.", { allow: "POST" }));
      }
    },
  };
}

function acceptsEventStream(request) {
  const accepted = (request.headers.get("accept") ?? "*/*").split(",").map(mediaType);
  return STREAM_TYPES.some((type) => accepted.includes(type));
}

/** Rejects a subscription over HTTP whose client does not accept an event stream; multipart is not supported. */
export function useStreamNegotiation() {
  const refused = new WeakSet();
  return {
    onSubscribe({ args, setResultAndStopExecution }) {
      const { request, connectionParams, overWebSocket } = args.contextValue;
      if (overWebSocket || connectionParams || acceptsEventStream(request)) return;
      refused.add(request);
      setResultAndStopExecution({ data: null });
    },
    onResultProcess({ request, setResultProcessor }) {
      if (!refused.has(request)) return;
      setResultProcessor(
        (_result, fetchAPI) => refusal(fetchAPI, 406, "NOT_ACCEPTABLE", NOT_ACCEPTABLE),
        "application/json",
      );
    },
  };
}
