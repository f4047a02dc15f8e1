/**
 * Checks of requests: a POST with a JSON body of at most one mebibyte in valid UTF-8 that holds one object, whose
 * members have the right types. Any other request is rejected before anything runs, with a status and a coded error in
 * JSON. Members that are not part of GraphQL over HTTP are ignored.
 */
import { GraphQLError } from "graphql";
import sharedLimits from "../../shared/limits.json" with { type: "json" };
import { notAdmitted } from "./admission.mjs";
import { parseJson } from "./exact-numbers.mjs";
import { receivedBytesOf } from "./held-bytes.mjs";
import { STREAM_TYPES } from "./negotiation.mjs";
import { refusal } from "./responses.mjs";

export const MAX_BODY_BYTES = sharedLimits.bodyBytes;
const RETRY_AFTER_SECONDS = 2;

const JSON_TYPES = ["application/json", "application/graphql+json"];
const TEXT = { type: "a string", accepts: (value) => typeof value === "string" };
const OBJECT = { type: "an object", accepts: (value) => typeof value === "object" && !Array.isArray(value) };
const MEMBERS = { query: TEXT, operationName: TEXT, variables: OBJECT, extensions: OBJECT };

function tooLarge(fetchAPI) {
  return refusal(fetchAPI, 413, "REQUEST_TOO_LARGE", `The body is larger than ${MAX_BODY_BYTES} bytes.`);
}

function mediaType(text) {
  return text.split(";", 1)[0].trim().toLowerCase();
}

function receivesTooMuch(fetchAPI) {
  const message = `Too many requests of this network are being received; try again in ${RETRY_AFTER_SECONDS} s.`;
  return refusal(fetchAPI, 429, "RATE_LIMITED", message, { "retry-after": String(RETRY_AFTER_SECONDS) });
}

function tooManyRequests(fetchAPI) {
  const { message, extensions } = notAdmitted();
  return refusal(fetchAPI, 429, extensions.code, message, { "retry-after": String(extensions.retryAfter) });
}

function incomplete(fetchAPI) {
  return refusal(fetchAPI, 400, "BAD_REQUEST", "The body is not complete.");
}

/**
 * Reads the body, or makes a refusal as soon as it is too large, because a chunked body does not state its length. The
 * rest of such a body is discarded, so that the client can read the response.
 */
function readBody(incoming, fetchAPI) {
  const received = receivedBytesOf(incoming);
  return new Promise((resolve) => {
    const chunks = [];
    let size = 0;
    let isRefused = false;
    function refuse(response) {
      isRefused = true;
      chunks.length = 0;
      received.set(0, 1);
      resolve(response);
    }
    incoming.on("data", (chunk) => {
      if (isRefused) return;
      size += chunk.byteLength;
      chunks.push(chunk);
      if (size > MAX_BODY_BYTES) refuse(tooLarge(fetchAPI));
      else if (!received.set(size, 1)) refuse(receivesTooMuch(fetchAPI));
    });
    incoming.once("end", () => resolve(Buffer.concat(chunks))).once("error", () => refuse(incomplete(fetchAPI)));
  });
}

/** Reads the body, and parses it when its turn comes: what is refused has cost little. */
async function parseBody(incoming, fetchAPI, admit) {
  const bytes = await readBody(incoming, fetchAPI);
  if (!Buffer.isBuffer(bytes)) return bytes;
  if (!(await admit(bytes))) return tooManyRequests(fetchAPI);
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

/**
 * The known members of a request. Null means the same as no value. Throws for one of the wrong type, which a request
 * over WebSocket cannot have: the library refuses it.
 */
function knownMembers(params) {
  const known = { documentId: params.documentId };
  for (const [name, { type, accepts }] of Object.entries(MEMBERS)) {
    const value = params[name] ?? undefined;
    if (value !== undefined && !accepts(value)) {
      const extensions = { code: "BAD_REQUEST", http: { status: 400 } };
      throw new GraphQLError(`The member \`${name}\` must be ${type}.`, { extensions });
    }
    known[name] = value;
  }
  return known;
}

/**
 * Checks the methods and bodies of HTTP requests, and the members of all.
 *
 * @param {ReturnType<import("./admission.mjs").createAdmission>} admission
 */
export function useRequestChecks(admission) {
  return {
    onParams({ params, setParams }) {
      setParams(knownMembers(params));
    },
    onResponse({ request, serverContext }) {
      admission.leave(request);
      receivedBytesOf(serverContext?.req)?.answered();
    },
    onRequest({ request, fetchAPI, endResponse }) {
      if (Number(request.headers.get("content-length")) > MAX_BODY_BYTES) endResponse(tooLarge(fetchAPI));
    },
    onPluginInit({ plugins }) {
      // Last, to replace the gateway's own limit, which would pipe the body through two more streams.
      plugins.push({
        onRequestParse({ request, requestParser, fetchAPI, serverContext, setRequestParser }) {
          const accepts = request.headers.get("accept") ?? "";
          const mayStream = STREAM_TYPES.some((type) => accepts.includes(type));
          const admit = (bytes) => admission.admit({ request, res: serverContext.res }, mayStream ? bytes : undefined);
          if (request.method === "POST") setRequestParser(() => parseBody(serverContext.req, fetchAPI, admit));
          else setRequestParser(async () => ((await admit()) ? requestParser(request) : tooManyRequests(fetchAPI)));
        },
      });
    },
    onRequestParse({ request, fetchAPI, endResponse }) {
      const { method, headers } = request;
      if (method === "POST") {
        const encoding = headers.get("content-encoding") ?? "identity";
        if (encoding.trim().toLowerCase() !== "identity") {
          const message = "The body must not be compressed.";
          return endResponse(refusal(fetchAPI, 415, "BAD_REQUEST", message, { "accept-encoding": "identity" }));
        }
        if (!JSON_TYPES.includes(mediaType(headers.get("content-type") ?? ""))) {
          endResponse(refusal(fetchAPI, 415, "BAD_REQUEST", "The content type must be application/json."));
        }
      } else if (method !== "GET") {
        const message = "Send operations by POST, or trusted documents by GET.";
        endResponse(refusal(fetchAPI, 405, "BAD_REQUEST", message, { allow: "GET, POST" }));
      }
    },
  };
}
