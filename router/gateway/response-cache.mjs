/**
 * Answers public reads from Redis: queries of callers without credentials that ask for nothing but the fields below.
 *
 * An answer is kept under the versions that the types it shows had before it was worked out. The audit subgraph gives
 * a type a new version when something of that type has changed (`subgraphs/audit/service/purging.py`). From then on no
 * router finds an older answer, not even one that was still being worked out when the change was committed.
 */
import { createHash, randomUUID } from "node:crypto";
import { TypeInfo, getNamedType, isAbstractType, isObjectType, print, visit, visitWithTypeInfo } from "graphql";
import { forwardedHeaders } from "./headers.mjs";
import { logEvent } from "./log.mjs";
import { withTimeout } from "./redis.mjs";

/** Root fields whose answers depend on nothing but their arguments and the versioned types. */
const PUBLIC_READS = new Set(["preset", "presets", "product", "products", "productOptions", "priceQuote"]);
/** The entities that such answers may show. */
const VERSIONED = new Set(["Preset", "Product"]);

const VERSIONS = "petplus:cache:versions";
const ANSWER = "petplus:cache:answer:";
/** A new release of the code may price and draw otherwise, and nothing tells of that. */
const LIFETIME_SECONDS = 60;

/** What a document shows: its text's digest and the versioned types; undefined where it is no public read. */
function publicRead(schema, document) {
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
        if (types.getParentType() === schema.getQueryType()) isPublic &&= PUBLIC_READS.has(node.name.value);
        const type = getNamedType(types.getType());
        if (isAbstractType(type)) isPublic = false;
        if (!isObjectType(type) || !("id" in type.getFields())) return;
        if (VERSIONED.has(type.name)) shown.add(type.name);
        else isPublic = false;
      },
    }),
  );
  return isPublic ? { text: print(document), types: [...shown].sort() } : undefined;
}

/** The present versions; undefined where one was unknown, which it is no longer. */
async function versionsOf(redis, types) {
  if (types.length === 0) return [];
  const versions = await redis.hmGet(VERSIONS, types);
  const unknown = types.filter((_type, place) => versions[place] === null);
  // Never an earlier version again: what was kept under it may be old.
  await Promise.all(unknown.map((type) => redis.hSetNX(VERSIONS, type, randomUUID())));
  return unknown.length === 0 ? versions : undefined;
}

/** @param {ReturnType<import("./redis.mjs").connectRedis>} redis */
export function useResponseCache(redis) {
  const reads = new WeakMap();
  const outcomes = new WeakMap();

  function cachedPublicRead({ schema, document }) {
    if (!reads.has(document)) reads.set(document, publicRead(schema, document));
    return reads.get(document);
  }

  /** The key to keep an answer by, undefined where it must not be kept, and the answer that is kept already. */
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
      const read = cachedPublicRead(args);
      if (read === undefined || forwardedHeaders(args.contextValue).authorization) return;
      let key, stored;
      try {
        [key, stored] = await withTimeout(find(read, args));
      } catch {
        return; // Redis is away, which its connection tells of
      }
      if (stored) {
        outcomes.set(request, "hit");
        setResultAndStopExecution({ data: JSON.parse(stored) });
        return;
      }
      outcomes.set(request, "fwd=miss");
      return {
        onExecuteDone({ result }) {
          if (key === undefined || Symbol.asyncIterator in result || result.errors?.length) return;
          redis
            .set(key, JSON.stringify(result.data), { expiration: { type: "EX", value: LIFETIME_SECONDS } })
            .catch((error) => logEvent("warn", "an answer was not cached", { reason: error.code ?? error.name }));
        },
      };
    },
    /** RFC 9211. */
    onResponse({ request, response }) {
      const outcome = outcomes.get(request);
      if (outcome !== undefined) response.headers.set("cache-status", `router; ${outcome}`);
    },
  };
}
