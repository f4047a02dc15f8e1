/** Limits how many subscriptions one client follows at once: each is kept in memory for as long as it is open. */
import { clientAddress, clientNetwork } from "./client-address.mjs";
import { onDisconnect } from "./disconnects.mjs";
import { viewerOf } from "./identity.mjs";
import { limitExceeded } from "./limits.mjs";

/** How many clients' worth of subscriptions one network may follow, however many accounts it uses. */
const CLIENTS_OF_NETWORK = 5;

/**
 * Counts the subscriptions of each viewer, of each network where nobody is logged in, and of each network in all.
 *
 * @param {{subscriptionsPerClient: number}} settings
 */
export function useSubscriptionLimits({ subscriptionsPerClient: maximum }) {
  const open = new Map();

  /** Counts one for each key. Returns the function that ends it, which has an effect once. */
  function start(keys) {
    for (const key of keys) open.set(key, (open.get(key) ?? 0) + 1);
    let isOpen = true;
    return () => {
      if (!isOpen) return;
      isOpen = false;
      for (const key of keys) {
        const remaining = open.get(key) - 1;
        if (remaining > 0) open.set(key, remaining);
        else open.delete(key);
      }
    };
  }

  return {
    onSubscribe({ args: { contextValue }, setResultAndStopExecution }) {
      const network = clientNetwork(clientAddress(contextValue.request));
      const limits = [
        ["subscriptions of a client", viewerOf(contextValue).id ?? network, maximum],
        ["subscriptions of a network", `all of ${network}`, maximum * CLIENTS_OF_NETWORK],
      ];
      for (const [limit, key, most] of limits) {
        if ((open.get(key) ?? 0) < most) continue;
        setResultAndStopExecution({ errors: [limitExceeded(limit, most)] });
        return undefined;
      }
      const end = start(limits.map(([, key]) => key));
      const stopWatching = onDisconnect(contextValue, end);
      return {
        onSubscribeError: end,
        onSubscribeResult({ result }) {
          if (!(Symbol.asyncIterator in result)) end();
          return {
            onEnd() {
              stopWatching();
              end();
            },
          };
        },
      };
    },
  };
}
