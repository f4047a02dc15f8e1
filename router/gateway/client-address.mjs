/**
 * The addresses of clients: the peer of a connection, or what trusted proxies report in X-Forwarded-For. The header is
 * ignored when any other peer sends it.
 */
import { BlockList, SocketAddress, isIP } from "node:net";

const addresses = new WeakMap();

/** Removes the prefix of an IPv4-mapped IPv6 address, which dual-stack sockets report. */
function withoutIPv4Mapping(address) {
  return (address ?? "").replace(/^::ffff:(?=\d+\.)/, "");
}

function familyOf(address) {
  return isIP(address) === 6 ? "ipv6" : "ipv4";
}

/**
 * Parses the list of trusted proxies.
 *
 * @param {string} text addresses and networks such as 10.0.0.0/8, separated by commas
 * @param {string} variable the environment variable, for the error message
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
 * Finds the client's address.
 *
 * @param {import("node:http").IncomingMessage} incoming
 * @param {BlockList} trusted
 * @returns {string} the last address in the chain that is not a trusted proxy's
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

/**
 * The network that limits count: an IPv4 address by itself, an IPv6 address by its first 64 bits, because a client
 * chooses the others. All spellings of an address are one network. The subgraphs do the same (`shared/security/client_network.py`).
 */
export function clientNetwork(address) {
  const plain = withoutIPv4Mapping(address);
  if (isIP(plain) !== 6) return plain;
  const { address: expanded } = new SocketAddress({ address: plain.split("%", 1)[0], family: "ipv6" });
  if (/^::ffff:\d+\./.test(expanded)) return withoutIPv4Mapping(expanded);
  const [head, tail] = expanded.split("::");
  const groups = head === "" ? [] : head.split(":");
  if (tail !== undefined) {
    const last = tail === "" ? [] : tail.split(":");
    const omitted = 8 - groups.length - last.length - (last.at(-1)?.includes(".") ? 1 : 0);
    groups.push(...Array(omitted).fill("0"), ...last);
  }
  return `${groups.slice(0, 4).join(":")}::/64`;
}

/** The site of a network: the /48 of an IPv6 network, which is what a provider gives to one customer at most. */
export function clientSite(network) {
  return network.endsWith("::/64") ? `${network.split(":").slice(0, 3).join(":")}::/48` : network;
}

/** Stores the client's address of a request. */
export function setClientAddress(request, address) {
  addresses.set(request, address);
}

/** The client's address of a request. */
export function clientAddress(request) {
  return addresses.get(request) ?? "";
}

/** Stores the client's address of each HTTP request. `websocket.mjs` does the same for its operations. */
export function useClientAddress(trusted) {
  return {
    onRequest({ request, serverContext }) {
      if (serverContext.req) setClientAddress(request, resolveClientAddress(serverContext.req, trusted));
    },
  };
}
