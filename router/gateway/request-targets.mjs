/**
 * Checks the target and the host of HTTP requests before the gateway reads them as a URL. The router answers at its own
 * paths and at no others, so that the rules of a proxy for paths mean what they say.
 */
import { refuseHostOfHealthCheck } from "./hosts.mjs";

/** What tells whether the router works. Orchestrators ask by an address. */
const HEALTH_PATHS = ["/healthz", "/healthcheck", "/ready", "/readiness"];

/** The codes of refusals by their status. */
const CODES = { 403: "FORBIDDEN", 404: "NOT_FOUND", 421: "MISDIRECTED_REQUEST", 429: "RATE_LIMITED" };
const RETRY_AFTER_SECONDS = "2";

function isUrl(target) {
  return target.startsWith("/") && URL.canParse(target, "http://localhost");
}

/** Whether a request is for the router itself, or for nothing that it could answer: no app has a say in it. */
export function isOwnPath({ url }, paths) {
  const path = url.split("?", 1)[0];
  return !isUrl(url) || HEALTH_PATHS.includes(path) || paths.includes(path);
}

/**
 * Finds why a request is refused.
 *
 * @param {import("node:http").IncomingMessage} request
 * @param {string[]} paths what it answers beside health checks
 * @param {ReturnType<import("./hosts.mjs").createHostRules>} hosts
 * @returns {{status: number, message: string} | undefined}
 */
export function refuseTarget(request, paths, hosts) {
  const { url } = request;
  if (!isUrl(url)) {
    return { status: 400, message: "The target of the request is not valid." };
  }
  const path = url.split("?", 1)[0];
  if (HEALTH_PATHS.includes(path)) return refuseHostOfHealthCheck(request);
  return paths.includes(path) ? hosts.refuseHost(request) : { status: 404, message: "There is nothing at this path." };
}

/** The body and the headers of a refusal. */
export function refusalBody({ status, message }) {
  const body = JSON.stringify({ errors: [{ message, extensions: { code: CODES[status] ?? "BAD_REQUEST" } }] });
  return {
    body,
    headers: {
      // In this spelling they replace those of the library for WebSockets.
      "Content-Type": "application/json",
      "Content-Length": Buffer.byteLength(body),
      "Cache-Control": "no-store",
      "X-Content-Type-Options": "nosniff",
      ...(status === 429 && { "Retry-After": RETRY_AFTER_SECONDS }),
    },
  };
}

/** Responds with a coded error. */
export function respond(response, refused) {
  const { body, headers } = refusalBody(refused);
  response.writeHead(refused.status, headers);
  response.end(body);
}
