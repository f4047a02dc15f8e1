/**
 * Caches public reads in Redis: queries of clients without credentials that select only the root fields below.
 *
 * A response is stored under the versions that the types in it had before it was computed. The audit subgraph gives a
 * type a new version when an object of that type has changed (`subgraphs/audit/service/cache_purge.py`). From then on no
 * router finds an older response, not even one that was being computed when the change was committed.
 */
import { createHash, randomUUID } from "node:crypto";
import { TypeInfo, getNamedType, isAbstractType, isObjectType, print, visit, visitWithTypeInfo } from "graphql";
import sharedLimits from "../../shared/limits.json" with { type: "json" };
import { entityTag } from "./entity-tags.mjs";
import { forwardedHeaders } from "./headers.mjs";
import { logEvent } from "./log.mjs";
import { withTimeout } from "./redis.mjs";

/** Root fields whose results depend only on their arguments and the versioned types. */
const PUBLIC_READS = new Set([
  "preset",
  "presetByHandle",
  "presetFacets",
  "presets",
  "priceQuote",
  "product",
  "productByHandle",
  "productOptions",
  "products",
  "shop",
]);
/** Unions whose members depend on the arguments alone. */
const PUBLIC_UNIONS = new Set(["PriceQuoteResult"]);
/** Root fields whose results depend on entities that they do not contain. */
const DEPENDS_ON = { presetFacets: "Preset" };
/** The entities that such results may contain. */
const VERSIONED = new Set(["Preset", "Product"]);

const VERSIONS = "petplus:cache:versions";
const ANSWER = "petplus:cache:answer:";
/** Bounds how long a response of the previous release is served: a release gives types no new version. */
const LIFETIME_SECONDS = sharedLimits.responseCache.seconds;

/** Larger answers would push out many others. */
const MAX_STORED_CHARACTERS = sharedLimits.responseCache.characters;

const publicReads = new WeakMap();
const entityTags = new WeakMap();

function readDocument(schema, document) {
  const shown = new Set();
  let isPublic = true;
  const types = new TypeInfo(schema);
  visit(
    document,
    visitWithTypeInfo(types, {
      OperationDefinition({ operation }) {
        isPublic &&= operation === "query";
      },
      Field(node) {
        if (types.getParentType() === schema.getQueryType()) {
          isPublic &&= PUBLIC_READS.has(node.name.value);
          if (Object.hasOwn(DEPENDS_ON, node.name.value)) shown.add(DEPENDS_ON[node.name.value]);
        }
        const type = getNamedType(types.getType());
        if (isAbstractType(type) && !PUBLIC_UNIONS.has(type.name)) isPublic = false;
        if (!isObjectType(type) || !("id" in type.getFields())) return;
        if (VERSIONED.has(type.name)) shown.add(type.name);
        else isPublic = false;
      },
    }),
  );
  return isPublic ? { text: print(document), types: [...shown].sort() } : undefined;
}

/**
 * Reads a document, once for each schema.
 *
 * @returns {{text: string, types: string[]} | undefined} the printed document and the versioned types in its result;
 *   undefined when it is no public read
 */
export function publicRead(schema, document) {
  if (!publicReads.has(document) || publicReads.get(document).schema !== schema) {
    publicReads.set(document, { schema, read: readDocument(schema, document) });
  }
  return publicReads.get(document).read;
}

/** The entity tag of the answer to a GET request; undefined when the answer must not be stored. */
export function entityTagOf(request) {
  return entityTags.get(request);
}

/** The key holds the versions of what the answer shows. */
function setEntityTag(request, key, text) {
  if (request.method === "GET") entityTags.set(request, entityTag(key, text));
}

/** The current versions; undefined when one was missing, in which case it is created. */
async function versionsOf(redis, types) {
  if (types.length === 0) return [];
  const versions = await redis.hmGet(VERSIONS, types);
  const unknown = types.filter((_type, place) => versions[place] === null);
  // A random version never repeats an earlier one, under which a stale response may be stored.
  await Promise.all(unknown.map((type) => redis.hSetNX(VERSIONS, type, randomUUID())));
  return unknown.length === 0 ? versions : undefined;
}

/**
 * Serves public reads from the cache, and stores them.
 *
 * @param {ReturnType<import("./redis.mjs").connectRedis>} redis
 */
export function useResponseCache(redis) {
  const outcomes = new WeakMap();

  /** The key of a response, undefined when it must not be stored, and the stored response if there is one. */
  async function find({ text, types }, { operationName, variableValues }) {
    const versions = await versionsOf(redis, types);
    if (versions === undefined) return [];
    const operation = JSON.stringify([versions, text, operationName ?? null, variableValues ?? {}]);
    const key = ANSWER + createHash("sha256").update(operation).digest("base64url");
    return [key, await redis.get(key)];
  }

  return {
    async onExecute({ args, setResultAndStopExecution }) {
      const { request } = args.contextValue;
      const read = publicRead(args.schema, args.document);
      if (read === undefined || forwardedHeaders(args.contextValue).authorization) return;
      let key, stored;
      try {
        [key, stored] = await withTimeout(find(read, args));
      } catch {
        return; // Redis is unavailable, which its connection logs
      }
      if (stored) {
        outcomes.set(request, "hit");
        setEntityTag(request, key, stored);
        setResultAndStopExecution({ data: JSON.parse(stored) });
        return;
      }
      outcomes.set(request, "fwd=miss");
      return {
        onExecuteDone({ result }) {
          if (key === undefined || Symbol.asyncIterator in result || result.errors?.length) return;
          const text = JSON.stringify(result.data);
          setEntityTag(request, key, text);
          if (text.length > MAX_STORED_CHARACTERS) return;
          redis
            .set(key, text, { expiration: { type: "EX", value: LIFETIME_SECONDS } })
            .catch((error) => logEvent("warn", "response not cached", { reason: error.code ?? error.name }));
        },
      };
    },
    /** Reports the outcome in the Cache-Status header (RFC 9211). */
    onResponse({ request, response }) {
      const outcome = outcomes.get(request);
      if (outcome !== undefined) response.headers.set("cache-status", `router; ${outcome}`);
    },
  };
}
