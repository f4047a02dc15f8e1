/**
 * Compresses large answers to public reads for clients that accept gzip. Other answers are never compressed: where a
 * secret and a text that an attacker chose are compressed together, the length of the answer tells of the secret
 * (BREACH). Tokens are in the answers of mutations and of signed-in viewers, and none is in a public read.
 */
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { forwardedHeaders } from "./headers.mjs";
import { acceptsGzip } from "./negotiation.mjs";
import { publicRead } from "./response-cache.mjs";

/** Below, compressing costs more than it spares. */
const MIN_BYTES = 4_096;

export const compress = promisify(gzip);

/** A response with compressed content. */
export function compressedResponse(response, content, fetchAPI) {
  const headers = new fetchAPI.Headers(response.headers);
  headers.set("content-encoding", "gzip");
  headers.set("content-length", String(content.byteLength));
  return new fetchAPI.Response(content, { status: response.status, headers });
}

async function compressAnswer({ request, response, setResponse, fetchAPI }) {
  if (request.method !== "GET") response.headers.append("vary", "accept-encoding");
  if (!acceptsGzip(request)) return;
  const content = Buffer.from(await response.text());
  const isLarge = content.byteLength >= MIN_BYTES;
  if (isLarge) setResponse(compressedResponse(response, await compress(content), fetchAPI));
  else setResponse(new fetchAPI.Response(content, { status: 200, headers: response.headers }));
}

/** Compresses answers. */
export function useCompression() {
  const publicRequests = new WeakSet();
  return {
    onExecute({ args: { schema, document, contextValue } }) {
      if (contextValue.overWebSocket || forwardedHeaders(contextValue).authorization) return;
      if (publicRead(schema, document)) publicRequests.add(contextValue.request);
    },
    /** Returns no promise for any other answer: waiting for one would cost each request. */
    onResponse(answer) {
      const { request, response } = answer;
      if (!publicRequests.has(request) || response.status !== 200) return undefined;
      return response.headers.get("content-type")?.includes("json") ? compressAnswer(answer) : undefined;
    },
  };
}
