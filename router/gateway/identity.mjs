/**
 * Authentication: access tokens are verified here, and again by each subgraph, to which the token is forwarded. A
 * token is sent in the authorization header, over WebSocket in the connection parameters. An invalid token is rejected
 * before anything runs. While the keys are unavailable, no token is called invalid.
 */
import { setTimeout } from "node:timers/promises";
import { createLocalJWKSet, errors, jwtVerify } from "jose";
import { GraphQLError } from "graphql";
import sharedLimits from "../../shared/limits.json" with { type: "json" };
import { rejectOperation } from "./errors.mjs";
import { authorizationOf } from "./headers.mjs";
import { ReportedError, logEvent } from "./log.mjs";

const ALGORITHMS = ["ES256"];
const CLOCK_LEEWAY_SECONDS = sharedLimits.accessTokens.clockLeewaySeconds;
const FETCH_TIMEOUT_MS = 5_000;
/** The keys are not fetched again for an unknown key id before this time has passed. */
const JWKS_MIN_INTERVAL_MS = sharedLimits.accessTokens.jwksMinimumIntervalSeconds * 1000;
/** The keys are fetched again after this time, so that a withdrawn key is dropped. */
const JWKS_MAX_AGE_MS = 300_000;
const MAX_VERIFIED_TOKENS = sharedLimits.accessTokens.verifiedTokensCached;

export const ANONYMOUS = Object.freeze({ id: undefined, scopes: new Set() });

const VIEWER = Symbol("viewer");

/** The viewer who sent the operation of a context. */
export function viewerOf(context) {
  return context[VIEWER] ?? ANONYMOUS;
}

function refusal(message, code, http) {
  return new GraphQLError(message, { extensions: { code, http } });
}

function unauthenticated(message) {
  return refusal(message, "UNAUTHENTICATED", { status: 401, headers: { "www-authenticate": "Bearer" } });
}

function keysUnavailable() {
  const http = { status: 503, headers: { "retry-after": "2" } };
  return refusal("Access tokens cannot be verified at the moment: try again.", "UNAVAILABLE", http);
}

/** The keys of the user subgraph, as of the last successful fetch. */
class JwksCache {
  #url;
  #keys;
  #fetchedAt = -Infinity;
  #fetching;

  constructor(url) {
    this.#url = url;
    void this.#prefetch();
  }

  /** Fetches the keys before the first token comes, and tries again while the user subgraph is starting. */
  async #prefetch() {
    while (this.#keys === undefined) {
      try {
        await this.#fetch();
      } catch {
        await setTimeout(JWKS_MIN_INTERVAL_MS, undefined, { ref: false });
      }
    }
  }

  /** For `jwtVerify`. */
  resolveKey = async (header, token) => {
    if (this.#age() > JWKS_MAX_AGE_MS) await this.#refresh();
    if (this.#keys === undefined) throw keysUnavailable();
    try {
      return await this.#keys(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey) || this.#age() < JWKS_MIN_INTERVAL_MS) throw error;
      await this.#refresh();
      return this.#keys(header, token);
    }
  };

  #age() {
    return performance.now() - this.#fetchedAt;
  }

  async #refresh() {
    this.#fetching ??= this.#fetch().finally(() => (this.#fetching = undefined));
    try {
      await this.#fetching;
    } catch (error) {
      logEvent("error", "jwks fetch failed", { error });
    }
  }

  async #fetch() {
    const response = await fetch(this.#url, { signal: AbortSignal.timeout(FETCH_TIMEOUT_MS), redirect: "error" });
    if (!response.ok) throw new ReportedError(`the JWKS endpoint responded with status ${response.status}`);
    this.#keys = createLocalJWKSet(await response.json());
    this.#fetchedAt = performance.now();
  }
}

/** Verifies tokens and caches the result. */
class Verifier {
  #keys;
  #options;
  #verified = new Map();

  constructor({ jwksUrl, issuer, audience }) {
    this.#keys = new JwksCache(jwksUrl);
    this.#options = {
      algorithms: ALGORITHMS,
      issuer,
      audience,
      clockTolerance: CLOCK_LEEWAY_SECONDS,
      requiredClaims: ["sub", "exp"],
    };
  }

  /** @returns {Promise<{id: string | undefined, scopes: Set<string>}>} throws a GraphQLError for an invalid token */
  async viewer(authorization) {
    if (!authorization) return ANONYMOUS;
    const [scheme, token, ...more] = authorization.split(" ");
    if (scheme.toLowerCase() !== "bearer" || !token || more.length > 0) {
      throw unauthenticated("Send the access token as `Authorization: Bearer …`.");
    }
    const cached = this.#verified.get(token);
    if (cached !== undefined && cached.expiresAt > Date.now() / 1000) return cached;
    const viewer = await this.#verify(token);
    this.#verified.set(token, viewer);
    if (this.#verified.size > MAX_VERIFIED_TOKENS) this.#verified.delete(this.#verified.keys().next().value);
    return viewer;
  }

  async #verify(token) {
    try {
      const { payload } = await jwtVerify(token, this.#keys.resolveKey, this.#options);
      const scopes = new Set(String(payload.scope ?? "").split(" ").filter(Boolean));
      return { id: payload.sub, scopes, expiresAt: payload.exp };
    } catch (error) {
      if (error instanceof GraphQLError) throw error;
      throw unauthenticated("The access token is not valid; log in again.");
    }
  }
}

/** Authenticates each operation, and rejects those with an invalid token. */
export function useIdentity(tokens) {
  const verifier = new Verifier(tokens);
  return {
    async onParams({ request, context, ...operation }) {
      try {
        context[VIEWER] = await verifier.viewer(authorizationOf(context, request));
      } catch (error) {
        rejectOperation(operation, error);
      }
    },
  };
}
