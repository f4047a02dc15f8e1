/**
 * The cost limit and the rate limit. The cost of each operation is estimated, compared with the maximum and taken from
 * the client's bucket before it runs. The response states it as `extensions.cost`. A subscription is charged once,
 * when it starts, and not for its events. A document that does not run costs what a change does, since it was parsed and
 * validated: a client that has spent its bucket on such documents is refused before its next one is parsed.
 */
import { GraphQLError, getOperationAST } from "graphql";
import { clientAddress, clientNetwork } from "./client-address.mjs";
import { createTokenBuckets } from "./token-bucket.mjs";
import { estimateCost } from "./cost.mjs";
import { viewerOf } from "./identity.mjs";
import { limitExceeded } from "./limits.mjs";
import { rejectOperation } from "./errors.mjs";
import sharedLimits from "../../shared/limits.json" with { type: "json" };

const REFUSED_COST = sharedLimits.cost.change;
const MAX_BLOCKED_CLIENTS = sharedLimits.rateLimit.blockedClients;

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

/** The client that pays: the viewer, or the network of an anonymous one. */
function payerOf(context) {
  return viewerOf(context).id ?? clientNetwork(clientAddress(context.request));
}

/** Remembers until when clients are refused, which must not wait for Redis. */
class BlockedClients {
  #until = new Map();

  block(client, seconds) {
    this.#until.delete(client);
    this.#until.set(client, Date.now() + seconds * 1_000);
    if (this.#until.size > MAX_BLOCKED_CLIENTS) this.#until.delete(this.#until.keys().next().value);
  }

  /** The seconds for which a client is still refused. */
  secondsLeft(client) {
    const left = (this.#until.get(client) ?? 0) - Date.now();
    if (left <= 0) this.#until.delete(client);
    return Math.max(0, Math.ceil(left / 1_000));
  }
}

/**
 * Limits the cost of operations.
 *
 * @param {{maximum: number, bucket: number, restoreRate: number}} settings
 * @param {ReturnType<import("./redis.mjs").connectRedis> | undefined} redis
 */
export function useRateLimit({ maximum, bucket, restoreRate }, redis) {
  const buckets = createTokenBuckets(redis, { bucket, restoreRate });
  const blocked = new BlockedClients();

  /** Charges the client for an operation. Returns its cost, or undefined when it must not run. */
  async function charge(args, setResultAndStop) {
    const operation = getOperationAST(args.document, args.operationName);
    if (!operation) return undefined;
    const requested = estimateCost(args.schema, args.document, operation, args.variableValues ?? {});
    if (requested > maximum) {
      setResultAndStop({ errors: [limitExceeded("cost", maximum, requested)] });
      return undefined;
    }
    const client = payerOf(args.contextValue);
    const { isAllowed, available, seconds } = await buckets.take(client, requested);
    const cost = { requested, maximum, available, restoreRate };
    if (isAllowed) return cost;
    setResultAndStop({ errors: [rateLimited(seconds, cost)] });
    return undefined;
  }

  /** Charges the client for a document that does not run. */
  async function chargeRefused(context) {
    const client = payerOf(context);
    const { isAllowed, seconds } = await buckets.take(client, REFUSED_COST);
    if (!isAllowed) blocked.block(client, seconds);
  }

  return {
    onParams({ request, context, ...operation }) {
      const seconds = blocked.secondsLeft(payerOf({ ...context, request }));
      if (seconds > 0) rejectOperation(operation, rateLimited(seconds));
    },
    onParse({ context }) {
      return ({ result }) => void (result instanceof Error && chargeRefused(context));
    },
    onValidate({ context }) {
      return ({ valid }) => void (valid || chargeRefused(context));
    },
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
