/**
 * What browsers must know: who may frame, cache or sniff our answers, and which other origins may read them. No
 * origin may unless an operator lists it, and none ever with credentials: there are no cookies.
 */
const COMMON_HEADERS = {
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cache-control": "no-store",
  "cross-origin-opener-policy": "same-origin",
};
const CSP_API = "default-src 'none'; frame-ancestors 'none'";
/** GraphiQL is one page with its scripts inside, which make workers of themselves. */
const CSP_GRAPHIQL = [
  "default-src 'none'",
  "script-src 'unsafe-inline' 'unsafe-eval' blob: data:",
  "worker-src blob: data:",
  "style-src 'unsafe-inline' data:",
  "img-src data: blob:",
  "font-src data:",
  "connect-src 'self' ws: wss: data: blob:",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");
const HSTS = "max-age=63072000; includeSubDomains";
const PREFLIGHT_MAX_AGE_SECONDS = 3_600;

export function useSecurityHeaders({ isProduction }) {
  return {
    onResponse({ response }) {
      for (const [name, value] of Object.entries(COMMON_HEADERS)) response.headers.set(name, value);
      const isPage = response.headers.get("content-type")?.startsWith("text/html");
      response.headers.set("content-security-policy", isPage ? CSP_GRAPHIQL : CSP_API);
      if (isProduction) response.headers.set("strict-transport-security", HSTS);
    },
  };
}

/** For the gateway's `cors`. */
export function createCorsOptions(origins) {
  return (request) => {
    const origin = request.headers.get("origin");
    if (origin === null || !origins.includes(origin)) return false;
    return {
      origin,
      credentials: false,
      methods: ["POST"],
      allowedHeaders: ["authorization", "content-type", "x-request-id", "traceparent"],
      exposedHeaders: ["x-request-id", "retry-after"],
      maxAge: PREFLIGHT_MAX_AGE_SECONDS,
    };
  };
}

/** Whether a page may open a WebSocket: one of ours, or of a listed origin. What is no browser names no origin. */
export function isAllowedOrigin({ headers }, origins) {
  const { origin, host } = headers;
  return origin === undefined || origins.includes(origin) || URL.parse(origin)?.host === host;
}
