/**
 * Where clients are: the other end of a connection, or what proxies that an operator trusts say of it in
 * X-Forwarded-For. Whoever else sends that header only claims something.
 */
import { BlockList, isIP } from "node:net";

const addresses = new WeakMap();

/** IPv4 addresses as such, also where the socket speaks both versions. */
function withoutIPv4Mapping(address) {
  return (address ?? "").replace(/^::ffff:(?=\d+\.)/, "");
}

function familyOf(address) {
  return isIP(address) === 6 ? "ipv6" : "ipv4";
}

/**
 * @param {string} text addresses and networks such as 10.0.0.0/8, separated by commas
 * @param {string} variable where they are set
 */
export function parseTrustedProxies(text, variable) {
  const list = new BlockList();
  for (const part of text.split(",").map((each) => each.trim()).filter(Boolean)) {
    const [address, prefix] = part.split("/");
    try {
      if (prefix === undefined) list.addAddress(address, familyOf(address));
      else list.addSubnet(address, Number(prefix), familyOf(address));
    } catch {
      throw new Error(`${variable} must be addresses or networks such as 10.0.0.0/8, separated by commas.`);
    }
  }
  return list;
}

/** Whether a connection comes from a trusted proxy. */
export function isTrustedProxy(address, trusted) {
  const peer = withoutIPv4Mapping(address);
  return isIP(peer) !== 0 && trusted.check(peer, familyOf(peer));
}

/**
 * @param {import("node:http").IncomingMessage} incoming
 * @param {BlockList} trusted
 * @returns {string} the address of the client: the last one named that is not a trusted proxy's
 */
export function resolveClientAddress(incoming, trusted) {
  let address = withoutIPv4Mapping(incoming.socket.remoteAddress);
  const forwarded = String(incoming.headers["x-forwarded-for"] ?? "").split(",");
  const hops = forwarded.map((each) => withoutIPv4Mapping(each.trim()));
  while (hops.length > 0 && isTrustedProxy(address, trusted)) {
    const previous = hops.pop();
    if (isIP(previous) === 0) break;
    address = previous;
  }
  return address;
}

/** Notes the address of a request's client. */
export function setClientAddress(request, address) {
  addresses.set(request, address);
}

/** The address of a request's client. */
export function clientAddress(request) {
  return addresses.get(request) ?? "";
}

/** Notes where HTTP requests come from; those over WebSocket are noted where they are made. */
export function useClientAddress(trusted) {
  return {
    onRequest({ request, serverContext }) {
      if (serverContext.req) setClientAddress(request, resolveClientAddress(serverContext.req, trusted));
    },
  };
}
