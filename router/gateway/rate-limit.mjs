/**
 * The cost limit and the rate limit. The cost of each operation is estimated, compared with the maximum and taken from
 * the client's bucket before it runs. The response states it as `extensions.cost`. A subscription is charged once,
 * when it starts, and not for its events.
 */
import { GraphQLError, getOperationAST } from "graphql";
import { clientAddress, clientNetwork } from "./client-address.mjs";
import { createTokenBuckets } from "./token-bucket.mjs";
import { estimateCost } from "./cost.mjs";
import { viewerOf } from "./identity.mjs";
import { limitExceeded } from "./limits.mjs";

function rateLimited(seconds, cost) {
  return new GraphQLError(`Too much was asked for; try again in ${seconds} s.`, {
    extensions: {
      code: "RATE_LIMITED",
      retryAfter: seconds,
      cost,
      http: { status: 429, headers: { "retry-after": String(seconds) } },
    },
  });
}

/**
 * Limits the cost of operations.
 *
 * @param {{maximum: number, bucket: number, restoreRate: number}} settings
 * @param {ReturnType<import("./redis.mjs").connectRedis> | undefined} redis
 */
export function useRateLimit({ maximum, bucket, restoreRate }, redis) {
  const buckets = createTokenBuckets(redis, { bucket, restoreRate });

  /** Charges the client for an operation. Returns its cost, or undefined when it must not run. */
  async function charge(args, setResultAndStop) {
    const operation = getOperationAST(args.document, args.operationName);
    if (!operation) return undefined;
    const requested = estimateCost(args.schema, args.document, operation, args.variableValues ?? {});
    if (requested > maximum) {
      setResultAndStop({ errors: [limitExceeded("cost", maximum, requested)] });
      return undefined;
    }
    const { request } = args.contextValue;
    const client = viewerOf(args.contextValue).id ?? clientNetwork(clientAddress(request));
    const { isAllowed, available, seconds } = await buckets.take(client, requested);
    const cost = { requested, maximum, available, restoreRate };
    if (isAllowed) return cost;
    setResultAndStop({ errors: [rateLimited(seconds, cost)] });
    return undefined;
  }

  return {
    async onExecute({ args, setResultAndStopExecution }) {
      const cost = await charge(args, setResultAndStopExecution);
      // Anybody may get the answer to a GET request from a CDN, so it does not tell what this client has left.
      if (cost === undefined || args.contextValue.request.method === "GET") return undefined;
      return {
        onExecuteDone: ({ result, setResult }) => setResult({ ...result, extensions: { ...result.extensions, cost } }),
      };
    },
    async onSubscribe({ args, setResultAndStopExecution }) {
      await charge(args, setResultAndStopExecution);
    },
  };
}
