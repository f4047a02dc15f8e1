/** Limits how many subscriptions one client follows at once: each is kept in memory for as long as it is open. */
import { clientAddress, clientNetwork } from "./client-address.mjs";
import { onDisconnect } from "./disconnects.mjs";
import { viewerOf } from "./identity.mjs";
import { limitExceeded } from "./limits.mjs";

/**
 * Counts the subscriptions of each viewer, and of each network where nobody is logged in.
 *
 * @param {{subscriptionsPerClient: number}} settings
 */
export function useSubscriptionLimits({ subscriptionsPerClient: maximum }) {
  const open = new Map();

  /** Counts one. Returns the function that ends it, which has an effect once. */
  function start(client) {
    open.set(client, (open.get(client) ?? 0) + 1);
    let isOpen = true;
    return () => {
      if (!isOpen) return;
      isOpen = false;
      const remaining = open.get(client) - 1;
      if (remaining > 0) open.set(client, remaining);
      else open.delete(client);
    };
  }

  return {
    onSubscribe({ args: { contextValue }, setResultAndStopExecution }) {
      const client = viewerOf(contextValue).id ?? clientNetwork(clientAddress(contextValue.request));
      if ((open.get(client) ?? 0) >= maximum) {
        setResultAndStopExecution({ errors: [limitExceeded("subscriptions of a client", maximum)] });
        return undefined;
      }
      const end = start(client);
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
