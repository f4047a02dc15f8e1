/** A cache within a number of bytes, which whoever adds a value estimates. What was used least recently goes first. */
import { visit } from "graphql";

/** How many nodes a document has, by which its memory is estimated. */
export function nodesOf(document) {
  let nodes = 0;
  visit(document, { enter: () => void (nodes += 1) });
  return nodes;
}

export class BoundedCache {
  #maximum;
  #entries = new Map();
  #bytes = 0;

  /** @param {number} maximum in bytes */
  constructor(maximum) {
    this.#maximum = maximum;
  }

  /** The value of a key, which is used again. */
  get(key) {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return entry.value;
  }

  /** The value of a key, which is not used. */
  peek(key) {
    return this.#entries.get(key)?.value;
  }

  set(key, value, bytes) {
    this.#delete(key);
    this.#entries.set(key, { value, bytes });
    this.#bytes += bytes;
    this.#evict();
  }

  /** Counts more bytes for a value that is kept. */
  grow(key, bytes) {
    this.#entries.get(key).bytes += bytes;
    this.#bytes += bytes;
    this.#evict();
  }

  #delete(key) {
    this.#bytes -= this.#entries.get(key)?.bytes ?? 0;
    this.#entries.delete(key);
  }

  #evict() {
    while (this.#bytes > this.#maximum) this.#delete(this.#entries.keys().next().value);
  }
}
