/**
 * Headers for browsers: framing, caching, content sniffing and CORS. No other origin may read responses unless
 * PETPLUS_CORS_ORIGINS lists it, and never with credentials: the session cookie is for pages of this origin.
 */
const COMMON_HEADERS = {
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cache-control": "no-store",
  "cross-origin-opener-policy": "same-origin",
};
const CSP_API = "default-src 'none'; frame-ancestors 'none'";
/** GraphiQL has scripts, workers and pictures of its own origin. Its editor writes style sheets, and keeps fonts in one. */
const CSP_GRAPHIQL = [
  "default-src 'none'",
  "script-src 'self'",
  "worker-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");
export const HSTS = "max-age=63072000; includeSubDomains";
/** What apps send; Apollo's clients name themselves. */
const ALLOWED_HEADERS = [
  "authorization",
  "content-type",
  "x-request-id",
  "traceparent",
  "apollographql-client-name",
  "apollographql-client-version",
];
const PREFLIGHT_MAX_AGE_SECONDS = 3_600;

/**
 * Sets the security headers of every response. Where origins are listed, a response depends on the request's, even if
 * that is not one of them.
 */
export function useSecurityHeaders({ isProduction, corsOrigins }) {
  return {
    onResponse({ response }) {
      for (const [name, value] of Object.entries(COMMON_HEADERS)) response.headers.set(name, value);
      const isPage = response.headers.get("content-type")?.startsWith("text/html");
      response.headers.set("content-security-policy", isPage ? CSP_GRAPHIQL : CSP_API);
      if (corsOrigins.length > 0) response.headers.append("vary", "origin");
      if (isProduction) response.headers.set("strict-transport-security", HSTS);
    },
  };
}

/** Returns the gateway's `cors` option. */
export function createCorsOptions(origins) {
  return (request) => {
    const origin = request.headers.get("origin");
    if (origin === null || !origins.includes(origin)) return false;
    return {
      origin,
      credentials: false,
      methods: ["GET", "POST"],
      allowedHeaders: ALLOWED_HEADERS,
      exposedHeaders: ["x-request-id", "retry-after"],
      maxAge: PREFLIGHT_MAX_AGE_SECONDS,
    };
  };
}
