/**
 * Checks the target and the host of HTTP requests before the gateway reads them as a URL. The router answers at its own
 * paths and at no others, so that the rules of a proxy for paths mean what they say.
 */
/** The codes of refusals by their status. */
const CODES = { 404: "NOT_FOUND", 429: "RATE_LIMITED" };
const RETRY_AFTER_SECONDS = "2";
const PATHS = ["/healthz", "/healthcheck", "/ready", "/readiness"];

/**
 * Finds why a request is refused.
 *
 * @param {import("node:http").IncomingMessage} request
 * @param {string} endpoint the path of the graph
 * @returns {{status: number, message: string} | undefined}
 */
export function refuseTarget({ url, headers }, endpoint) {
  const host = headers.host ?? "localhost";
  if (!/^[\w.:[\]-]+$/.test(host) || !url.startsWith("/") || !URL.canParse(url, `http://${host}`)) {
    return { status: 400, message: "The target or the host of the request is not valid." };
  }
  const path = url.split("?", 1)[0];
  return [...PATHS, endpoint].includes(path) ? undefined : { status: 404, message: "There is nothing at this path." };
}

/** Responds with a coded error. */
export function respond(response, { status, message }) {
  const body = JSON.stringify({ errors: [{ message, extensions: { code: CODES[status] ?? "BAD_REQUEST" } }] });
  response.writeHead(status, {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(body),
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    ...(status === 429 && { "retry-after": RETRY_AFTER_SECONDS }),
  });
  response.end(body);
}
