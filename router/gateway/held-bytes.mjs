/**
 * Limits the bytes that the router holds for one network: what it has received and not yet handled, and what clients
 * have not read. A limit for each connection is not enough, because a client may open many.
 */
import sharedLimits from "../../shared/limits.json" with { type: "json" };
import { clientNetwork } from "./client-address.mjs";

/** How much a network may have unhandled, and how much unread, for each connection that it may open. */
const BYTES_PER_CONNECTION = sharedLimits.heldBytes.perConnection;
/** A few of the largest requests. */
const MIN_BYTES = sharedLimits.heldBytes.minimum;
/** What a request takes beside its body, until there is a response: a network has about two hundred at once. */
const REQUEST_BYTES = sharedLimits.heldBytes.request;
const UNREAD_INTERVAL_MS = 500;

const receivedBytes = new WeakMap();

/** What is received of one request or socket, from its first byte until it is handled. */
class ReceivedBytes {
  #byNetwork;
  #network;
  #maximum;
  #bytes = 0;
  #total = 0;

  constructor(byNetwork, network, maximum) {
    this.#byNetwork = byNetwork;
    this.#network = network;
    this.#maximum = maximum;
  }

  /** Replaces the number of bytes, and of requests that are not answered. Returns false when the network exceeds its limit. */
  set(bytes, requests) {
    const total = bytes + requests * REQUEST_BYTES;
    const ofNetwork = (this.#byNetwork.get(this.#network) ?? 0) + total - this.#total;
    this.#bytes = bytes;
    this.#total = total;
    if (ofNetwork > 0) this.#byNetwork.set(this.#network, ofNetwork);
    else this.#byNetwork.delete(this.#network);
    return ofNetwork <= this.#maximum;
  }

  /** A request has a response, of which a stream keeps what was received. */
  answered() {
    this.set(this.#bytes, 0);
  }
}

/** What is counted of a request by `countRequest`. */
export function receivedBytesOf(request) {
  return receivedBytes.get(request);
}

/**
 * Counts what the router holds.
 *
 * @param {{connectionsPerAddress: number}} settings
 */
export function createHeldBytes({ connectionsPerAddress }) {
  const maximum = Math.max(MIN_BYTES, connectionsPerAddress * BYTES_PER_CONNECTION);
  const byNetwork = new Map();
  const unread = new Set();

  function closeLargest() {
    for (const counted of Map.groupBy(unread, ({ network }) => network).values()) {
      const sizes = counted.map(({ bytes, close }) => ({ size: bytes(), close })).sort((a, b) => b.size - a.size);
      let total = sizes.reduce((sum, { size }) => sum + size, 0);
      for (const { size, close } of sizes) {
        if (total <= maximum) break;
        close();
        total -= size;
      }
    }
  }

  setInterval(closeLargest, UNREAD_INTERVAL_MS).unref();

  /** Starts to count what is received from an address. Whoever counts ends with `set(0, 0)`. */
  function countReceived(address) {
    return new ReceivedBytes(byNetwork, clientNetwork(address), maximum);
  }

  return {
    countReceived,

    /**
     * Counts a request until its response is closed. Returns false for one too many of its network.
     *
     * @param {import("node:http").IncomingMessage} request
     * @param {import("node:http").ServerResponse} response
     * @param {string} address of the client
     */
    countRequest(request, response, address) {
      const received = countReceived(address);
      receivedBytes.set(request, received);
      response.once("close", () => received.set(0, 0));
      return received.set(0, 1);
    },

    /**
     * Counts what the client of a response or socket has not read. While a network exceeds its limit, those of its
     * connections with the most unread bytes are closed.
     *
     * @param {string} address of the client
     * @param {() => number} bytes how much that is now
     * @param {() => void} close
     * @returns {() => void} stops counting
     */
    countUnread(address, bytes, close) {
      const counted = { network: clientNetwork(address), bytes, close };
      unread.add(counted);
      return () => unread.delete(counted);
    },
  };
}
