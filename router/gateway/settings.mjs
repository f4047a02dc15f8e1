/**
 * The router's settings, read once from the environment. An invalid value stops the start with one sentence that names
 * the variable.
 */
import { createHmac } from "node:crypto";
import { fileURLToPath } from "node:url";
import sharedLimits from "../../shared/limits.json" with { type: "json" };
import { parseTrustedProxies } from "./client-address.mjs";
import { isLoopback } from "./hosts.mjs";
import { logEvent } from "./log.mjs";
import { DEVELOPMENT_SECRET, isGuessable, isPublished } from "./secret-strength.mjs";
import declared from "./settings.json" with { type: "json" };
import { DEFAULT_PORT, readSubgraphs } from "./subgraphs.mjs";

const ENVIRONMENTS = ["development", "production"];
const MAX_PORT = 65_535;
const IDLE_TIMEOUT = "PETPLUS_UPSTREAM_IDLE_TIMEOUT";
const DEPRECATED_IDLE_TIMEOUT = "PETPLUS_UPSTREAM_SILENCE";
const MIN_SECRET_LENGTH = 32;
const DEFAULT_SUPERGRAPH = fileURLToPath(new URL("../supergraph.graphql", import.meta.url));
const SUBGRAPHS = fileURLToPath(new URL("../supergraph.yaml", import.meta.url));
const DEFAULT_OPERATIONS = fileURLToPath(new URL("../operations/manifest.json", import.meta.url));

/** Reads a number. Its default and maximum are those of `settings.json`. */
function readNumber(env, name, setting = name) {
  return readInteger(env, name, declared.own[setting].default, declared.own[setting].maximum);
}

function readInteger(env, name, fallback, maximum) {
  const text = env[name];
  if (text === undefined || text === "") return fallback;
  const number = Number(text);
  if (!/^\d+$/.test(text) || number < 1 || number > maximum) {
    throw new Error(`${name} must be a whole number from 1 to ${maximum}.`);
  }
  return number;
}

function readBoolean(env, name) {
  const text = env[name] || "false";
  if (!["true", "false"].includes(text)) throw new Error(`${name} must be true or false.`);
  return text === "true";
}

function httpUrl(env, variable, fallback) {
  const text = env[variable] || fallback;
  if (!/^https?:$/.test(URL.parse(text)?.protocol ?? "")) {
    throw new Error(`${variable} must be an http or https URL.`);
  }
  return text;
}

/** The Redis of caches and counters; the broker's, where there is no other. */
function redisUrl(env) {
  const variable = env.PETPLUS_CACHE_REDIS_URL ? "PETPLUS_CACHE_REDIS_URL" : "PETPLUS_REDIS_URL";
  const text = env[variable] || undefined;
  const isUrl = /^unix:\/\//.test(text) || /^rediss?:$/.test(URL.parse(text)?.protocol ?? "");
  if (text !== undefined && !isUrl) {
    throw new Error(`${variable} must be a redis://, rediss:// or unix:// URL.`);
  }
  return text;
}

/** How far the port of a subgraph is above the router's. */
function portOffset(routingUrl) {
  const { port } = new URL(routingUrl);
  if (port === "") throw new Error(`${SUBGRAPHS} must name a port in the routing URL ${routingUrl}.`);
  return Number(port) - DEFAULT_PORT;
}

function withPort(routingUrl, port) {
  return Object.assign(new URL(routingUrl), { port }).href;
}

/** The variable that sets the idle timeout. The old name works for one release. */
function idleTimeoutName(env) {
  if (env[IDLE_TIMEOUT] || !env[DEPRECATED_IDLE_TIMEOUT]) return IDLE_TIMEOUT;
  logEvent("warn", "deprecated setting", { name: DEPRECATED_IDLE_TIMEOUT, replacement: IDLE_TIMEOUT });
  return DEPRECATED_IDLE_TIMEOUT;
}

/** The secret shared with the subgraphs: the first of PETPLUS_ROUTER_SECRETS; default: PETPLUS_SECRET_KEY. */
function routerSecret(env, environment) {
  const [first] = (env.PETPLUS_ROUTER_SECRETS ?? "").split(",").map((part) => part.trim()).filter(Boolean);
  const secret = first ?? (env.PETPLUS_SECRET_KEY || DEVELOPMENT_SECRET);
  const variable = first === undefined ? "PETPLUS_SECRET_KEY" : "PETPLUS_ROUTER_SECRETS";
  if (environment === "production" && isPublished(secret)) {
    throw new Error(`${variable} must be set in production.`);
  }
  if (secret.length < MIN_SECRET_LENGTH) {
    throw new Error(`${variable} must have at least ${MIN_SECRET_LENGTH} characters.`);
  }
  if (environment === "production" && isGuessable(secret)) {
    throw new Error(`${variable} can be guessed: use random characters.`);
  }
  return secret;
}

function readOrigins(env, variable) {
  const listed = (env[variable] ?? "").split(",").map((part) => part.trim()).filter(Boolean);
  for (const origin of listed) {
    if (URL.parse(origin)?.origin !== origin) {
      throw new Error(`${variable} must be origins such as https://shop.example, separated by commas.`);
    }
  }
  return listed;
}

/** The origins by which clients reach the router. What listens for others in production must know them. */
function readPublicOrigins(env, { host, isProduction }) {
  const origins = readOrigins(env, "PETPLUS_PUBLIC_ORIGINS");
  if (isProduction && origins.length === 0 && !isLoopback(host)) {
    throw new Error("PETPLUS_PUBLIC_ORIGINS must be set in production, unless PETPLUS_HOST is a loopback address.");
  }
  return origins;
}

/**
 * Reads the settings.
 *
 * @param {Record<string, string | undefined>} env
 * @returns the settings; `deriveKey(purpose)` returns the same 32 bytes as the first of the subgraphs'
 *   `Settings.router_keys`
 */
export function readSettings(env) {
  const subgraphs = readSubgraphs(SUBGRAPHS);
  const largestOffset = Math.max(...subgraphs.map(({ url }) => portOffset(url)));
  const port = readInteger(env, "PETPLUS_PORT", DEFAULT_PORT, MAX_PORT - largestOffset);
  const environment = env.PETPLUS_ENV || "development";
  if (!ENVIRONMENTS.includes(environment)) {
    throw new Error(`PETPLUS_ENV must be ${ENVIRONMENTS.join(" or ")}.`);
  }
  const secret = routerSecret(env, environment);
  const isProduction = environment === "production";
  const host = env.PETPLUS_HOST || "127.0.0.1";
  const urls = subgraphs.map(({ name, url }) => [
    name,
    httpUrl(env, `PETPLUS_${name.toUpperCase()}_URL`, withPort(url, port + portOffset(url))),
  ]);
  const subgraphUrls = Object.fromEntries(urls);
  return {
    host,
    port,
    isProduction,
    acceptsAnyDocument: readBoolean(env, "PETPLUS_OPEN_GRAPH") || !isProduction,
    supergraphPath: env.PETPLUS_SUPERGRAPH || DEFAULT_SUPERGRAPH,
    operationsPath: env.PETPLUS_OPERATIONS || DEFAULT_OPERATIONS,
    upstreamTimeoutMs: readNumber(env, "PETPLUS_UPSTREAM_TIMEOUT"),
    upstreamIdleTimeoutMs: readNumber(env, idleTimeoutName(env), IDLE_TIMEOUT),
    subgraphUrls,
    deriveKey: (purpose) => createHmac("sha256", secret).update(purpose).digest(),
    trustedProxies: parseTrustedProxies(env.PETPLUS_TRUSTED_PROXIES ?? "", "PETPLUS_TRUSTED_PROXIES"),
    publicOrigins: readPublicOrigins(env, { host, isProduction }),
    corsOrigins: readOrigins(env, "PETPLUS_CORS_ORIGINS"),
    redisUrl: redisUrl(env),
    tokens: {
      jwksUrl: httpUrl(env, "PETPLUS_JWKS_URL", new URL("/.well-known/jwks.json", subgraphUrls.user).href),
      issuer: env.PETPLUS_TOKEN_ISSUER || "https://allpetplus.example",
      audience: env.PETPLUS_TOKEN_AUDIENCE || "https://api.allpetplus.example",
    },
    cost: {
      maximum: readNumber(env, "PETPLUS_COST_MAXIMUM") ?? sharedLimits.cost.maximum,
      bucket: readNumber(env, "PETPLUS_COST_BUCKET"),
      restoreRate: readNumber(env, "PETPLUS_COST_RESTORE"),
    },
    connectionsPerAddress: readNumber(env, "PETPLUS_CONNECTIONS_PER_ADDRESS"),
    writeTimeoutMs: readNumber(env, "PETPLUS_WRITE_TIMEOUT"),
    subscriptionsPerClient: readNumber(env, "PETPLUS_SUBSCRIPTIONS_PER_CLIENT"),
  };
}
