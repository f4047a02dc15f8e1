/**
 * Where clients are: the other end of a connection, or what proxies that an operator trusts say of it in
 * X-Forwarded-For. Whoever else sends that header only claims something.
 */
import { BlockList, isIP } from "node:net";

const addresses = new WeakMap();

/** IPv4 addresses as such, also where the socket speaks both versions. */
function plain(address) {
  return (address ?? "").replace(/^::ffff:(?=\d+\.)/, "");
}

function family(address) {
  return isIP(address) === 6 ? "ipv6" : "ipv4";
}

/**
 * @param {string} text addresses and networks such as 10.0.0.0/8, separated by commas
 * @param {string} variable where they are set
 */
export function proxies(text, variable) {
  const list = new BlockList();
  for (const part of text.split(",").map((each) => each.trim()).filter(Boolean)) {
    const [address, prefix] = part.split("/");
    try {
      if (prefix === undefined) list.addAddress(address, family(address));
      else list.addSubnet(address, Number(prefix), family(address));
    } catch {
      throw new Error(`${variable} must be addresses or networks such as 10.0.0.0/8, separated by commas.`);
    }
  }
  return list;
}

/** Whether a connection comes from a trusted proxy. */
export function isTrusted(address, trusted) {
  const peer = plain(address);
  return isIP(peer) !== 0 && trusted.check(peer, family(peer));
}

/**
 * @param {import("node:http").IncomingMessage} incoming
 * @param {BlockList} trusted
 * @returns {string} the address of the client: the last one named that is not a trusted proxy's
 */
export function addressOf(incoming, trusted) {
  let address = plain(incoming.socket.remoteAddress);
  const named = String(incoming.headers["x-forwarded-for"] ?? "").split(",").map((each) => plain(each.trim()));
  while (named.length > 0 && isTrusted(address, trusted)) {
    const before = named.pop();
    if (isIP(before) === 0) break;
    address = before;
  }
  return address;
}

/** Notes the address of a request's client. */
export function rememberAddress(request, address) {
  addresses.set(request, address);
}

/** The address of a request's client. */
export function clientAddress(request) {
  return addresses.get(request) ?? "";
}

/** Notes where HTTP requests come from; those over WebSocket are noted where they are made. */
export function useAddresses(trusted) {
  return {
    onRequest({ request, serverContext }) {
      if (serverContext.req) rememberAddress(request, addressOf(serverContext.req, trusted));
    },
  };
}
