/** The operations that each client sends, and the router's instance of a module. */
import { createRequire } from "node:module";

/** Loads a module from the router's packages. */
export const load = createRequire(new URL("../../../router/server.mjs", import.meta.url));

export const QUERY = "query Me { me { id name } }";
export const INVALID = "query Invalid { nothing }";
export const ADVANCE = "mutation Advance($order: ID!) { orderStatusAdvance(orderId: $order) }";
export const FOLLOW = `subscription Follow($order: ID!) {
  orderStatusChanged(orderId: $order) { version order { id customer { id name } } }
}`;
export const EVENTS = 2;

/**
 * Collects the versions that a subscription reports: moves the order once at first, and again after each event.
 *
 * @param {(onEvent: (data: object) => void, onError: (error: unknown) => void) => () => void} subscribe returns the
 *   function that ends the subscription
 * @param {() => Promise<unknown>} advance
 */
export async function follow(subscribe, advance) {
  const versions = [];
  await advance();
  await new Promise((resolve, reject) => {
    const end = subscribe((data) => {
      versions.push(data.orderStatusChanged.version);
      if (versions.length < EVENTS) return void advance().catch(reject);
      setImmediate(() => resolve(end()));
    }, reject);
  });
  return versions;
}
