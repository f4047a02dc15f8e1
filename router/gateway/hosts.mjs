/**
 * The hosts of this router, and the pages that may open a WebSocket.
 *
 * Browsers let a page read what its own host answers. Whoever owns a name can let it lead to the address of this router
 * after they have served a page under it (DNS rebinding), so a request is answered for known hosts alone. A WebSocket is
 * not subject to CORS either, so its page must come from the same host or from a listed origin.
 *
 * Ports of the `Host` header are not compared, because proxies leave them out or put their own.
 */
import { isIP } from "node:net";

const FORM = /^[\w.:[\]-]+$/;

/** The URL that a host stands for, with its name in canonical form; undefined for what is no host. */
function readHost(host) {
  return FORM.test(host) ? (URL.parse(`http://${host}`) ?? undefined) : undefined;
}

const NOT_ONE_HOST = { status: 400, message: "A request must name one host." };

function namesAtMostOneHost({ headersDistinct }) {
  return (headersDistinct.host ?? []).length <= 1;
}

/** Finds why the host of a health check is refused: any may be named, or none, as by HTTP/1.0. */
export function refuseHostOfHealthCheck(request) {
  const isReadable = readHost(request.headers.host ?? "localhost") !== undefined;
  return isReadable && namesAtMostOneHost(request) ? undefined : NOT_ONE_HOST;
}

function withoutFinalDot(name) {
  return name.replace(/\.$/, "");
}

/**
 * Whether nobody can have registered a name, so that no page of theirs is served under it: an address, a name of this
 * machine, or a name without a dot, as containers have.
 */
function isLocal(name) {
  return name.startsWith("[") || isIP(name) !== 0 || !name.includes(".") || name.endsWith(".localhost");
}

/** Whether this machine alone reaches an address to listen on. */
export function isLoopback(address) {
  return address === "localhost" || address === "::1" || address.startsWith("127.");
}

/**
 * Makes the checks of hosts and origins. Production answers for the public origins alone; where none are set, and in
 * development, the router answers for local names and for the one that it listens on.
 *
 * @param {{host: string, publicOrigins: string[], corsOrigins: string[], isProduction: boolean}} settings
 */
export function createHostRules({ host, publicOrigins, corsOrigins, isProduction }) {
  const answersLocally = !isProduction || publicOrigins.length === 0;
  const own = new Map(publicOrigins.map((origin) => [origin, withoutFinalDot(new URL(origin).hostname)]));
  const publicNames = new Set(own.values());

  function isOwnName(name) {
    return publicNames.has(name) || (answersLocally && (isLocal(name) || name === host.toLowerCase()));
  }

  return {
    /**
     * Finds why a host is refused.
     *
     * @param {import("node:http").IncomingMessage} request
     * @returns {{status: number, message: string} | undefined}
     */
    refuseHost(request) {
      const url = readHost(request.headers.host ?? "");
      if (url === undefined || !namesAtMostOneHost(request)) return NOT_ONE_HOST;
      if (isOwnName(withoutFinalDot(url.hostname))) return undefined;
      return { status: 421, message: "This router does not answer for the host of the request (PETPLUS_PUBLIC_ORIGINS)." };
    },

    /** Whether a handshake, whose host is not refused, may proceed. Only browsers send an origin. */
    mayOpenSocket({ headers }) {
      if (headers.origin === undefined || corsOrigins.includes(headers.origin)) return true;
      const origin = URL.parse(headers.origin);
      // An origin has no path and no user.
      if (origin === null || origin.href !== `${origin.origin}/`) return false;
      const { host: requested, hostname } = readHost(headers.host);
      if (own.get(origin.origin) === withoutFinalDot(hostname)) return true;
      return answersLocally && origin.protocol === "http:" && origin.host === requested && !publicNames.has(hostname);
    },
  };
}
