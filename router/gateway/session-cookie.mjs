/**
 * The cookie in which browsers keep the refresh token of their session (`subgraphs/user/mutations/session_cookie.py`). Requests
 * that ask for it with a header carry it to the user subgraph, and to no other; its responses set it.
 */
const OWNER = "user";
const NAME = "__Host-petplus-refresh";
const HEADER = "x-petplus-session";

const cookiesToSet = new WeakMap();

/** Whether a request keeps its session in the cookie. Handshakes of WebSockets cannot: nothing sets cookies there. */
function asksForCookie({ connectionParams, request }) {
  return connectionParams === undefined && request.headers.get(HEADER) === "cookie";
}

function cookieOf(request) {
  const pairs = (request.headers.get("cookie") ?? "").split(";").map((pair) => pair.trim());
  return pairs.find((pair) => pair.startsWith(`${NAME}=`));
}

/** The headers about the cookie that go to a subgraph. */
export function cookieHeaders(subgraph, context) {
  if (subgraph !== OWNER || !asksForCookie(context)) return {};
  const cookie = cookieOf(context.request);
  return { [HEADER]: "cookie", ...(cookie ? { cookie } : {}) };
}

/** Keeps the cookies that a response of a subgraph sets for the client. */
export function keepCookies(subgraph, response, context) {
  const cookies = response.headers["set-cookie"];
  if (subgraph === OWNER && cookies !== undefined) cookiesToSet.set(context.request, cookies);
}

/** Sets the cookies of the user subgraph in the client's response. */
export function useSessionCookie() {
  return {
    onResponse({ request, response }) {
      for (const cookie of cookiesToSet.get(request) ?? []) response.headers.append("set-cookie", cookie);
    },
  };
}
