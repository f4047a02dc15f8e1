/** The normalised cache: which types are objects of their own, and which are members of an interface. */
import type { CombinedError } from "@urql/core";
import { cacheExchange, offlineExchange, type CacheExchangeOpts } from "@urql/exchange-graphcache";

/** The interfaces and unions that fragments of the apps are on, with their members. `cache.test.ts` compares them. */
export const POSSIBLE_TYPES = {
  Problem: [
    "CheckoutRefusedProblem",
    "ConflictProblem",
    "IllegalStateProblem",
    "InvalidInputProblem",
    "NotFoundProblem",
    "RateLimitedProblem",
    "ReauthenticationProblem",
    "UnauthenticatedProblem",
    "UnavailableProblem",
  ],
  QuoteResult: ["NoQuote", "Quote"],
} as const;

/** An object that was asked for with its id is kept under it, and any other as a part of what holds it. */
const keys = new Proxy<Record<string, (data: { id?: string }) => string | null>>(
  {},
  { get: () => (data: { id?: string }) => data.id ?? null },
);

/**
 * Without the whole schema, the cache looks for the fields of every branch of a union in what it stores, and complains
 * that those of the others are not there.
 */
const logger: NonNullable<CacheExchangeOpts["logger"]> = (severity, message) => {
  if (!message.startsWith("Invalid undefined")) console[severity === "debug" ? "debug" : severity](message);
};

/** Nobody answered. Each engine has another sentence for it. */
function isOfflineError(error: CombinedError | undefined): boolean {
  return error?.networkError instanceof TypeError && error.response === undefined;
}

/** With a storage, what was answered before is shown as long as nobody answers. */
export function createCache({ storage, ...options }: Pick<CacheExchangeOpts, "updates" | "storage"> = {}) {
  const settings = { ...options, keys: keys as NonNullable<CacheExchangeOpts["keys"]>, possibleTypes, logger };
  return storage ? offlineExchange({ ...settings, storage, isOfflineError }) : cacheExchange(settings);
}

const possibleTypes = Object.fromEntries(
  Object.entries(POSSIBLE_TYPES).map(([name, members]) => [name, [...members]]),
);
