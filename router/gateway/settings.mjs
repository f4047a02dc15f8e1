/**
 * The router's settings, read once from the environment. An invalid value stops the start with one sentence that names
 * the variable.
 */
import { createHmac } from "node:crypto";
import { fileURLToPath } from "node:url";
import sharedLimits from "../../shared/limits.json" with { type: "json" };
import { createCertificateReader } from "./certificate.mjs";
import { parseTrustedProxies } from "./client-address.mjs";
import { isLoopback } from "./hosts.mjs";
import { logEvent } from "./log.mjs";
import { DEVELOPMENT_SECRET, isGuessable, isPublished } from "./secret-strength.mjs";
import declared from "./settings.json" with { type: "json" };
import { DEFAULT_PORT, readSubgraphs } from "./subgraphs.mjs";

const ENVIRONMENTS = ["development", "production"];
const MAX_PORT = 65_535;
const MAX_WAIT_MS = 600_000;
const DEFAULT_UPSTREAM_TIMEOUT_MS = 10_000;
const MAX_UPSTREAM_TIMEOUT_MS = 600_000;
const MAX_DRAIN_SECONDS = 600;
const MAX_GRACE_SECONDS = 3_600;
/** How much longer than a call to a subgraph a request in flight may take when the router stops. */
const GRACE_MARGIN_SECONDS = 2;
const IDLE_TIMEOUT = "PETPLUS_UPSTREAM_IDLE_TIMEOUT";
const DEPRECATED_IDLE_TIMEOUT = "PETPLUS_UPSTREAM_SILENCE";
const MIN_SECRET_LENGTH = 32;
const DEFAULT_SUPERGRAPH = fileURLToPath(new URL("../supergraph.graphql", import.meta.url));
/** How far the port for the router's certificate is above a subgraph's own (`shared/core/settings.py`). */
const TLS_PORT_OFFSET = 1_000;
const SUBGRAPHS = fileURLToPath(new URL("../supergraph.yaml", import.meta.url));
const DEFAULT_APPS = fileURLToPath(new URL("../../apps", import.meta.url));
const DEFAULT_OPERATIONS = fileURLToPath(new URL("../operations/manifest.json", import.meta.url));

/** Reads a number. Its default and maximum are those of `settings.json`. */
function readNumber(env, name, setting = name) {
  return readInteger(env, name, declared.own[setting].default, declared.own[setting].maximum);
}

function readInteger(env, name, fallback, maximum, minimum = 1) {
  const text = env[name];
  if (text === undefined || text === "") return fallback;
  const number = Number(text);
  if (!/^\d+$/.test(text) || number < minimum || number > maximum) {
    throw new Error(`${name} must be a whole number from ${minimum} to ${maximum}.`);
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

/**
 * Where browsers reach the pictures that the apps show, those of designs and those of users. By default the builder and
 * the user subgraph serve them at the router's host.
 */
function pictureOrigins(env, host, { builder, user }) {
  const name = host.includes(":") ? `[${host}]` : host;
  const origins = Object.entries({ PETPLUS_PREVIEW_URL: builder, PETPLUS_AVATAR_URL: user }).map(([variable, url]) => {
    const { protocol, port } = new URL(url);
    return new URL(httpUrl(env, variable, `${protocol}//${name}:${port}`)).origin;
  });
  return [...new Set(origins)];
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

function urlVariable(name) {
  return `PETPLUS_${name.toUpperCase()}_URL`;
}

function overTls(url) {
  return Object.assign(new URL(withPort(url, Number(new URL(url).port) + TLS_PORT_OFFSET)), { protocol: "https:" }).href;
}

/**
 * Where the keys of access tokens are: at the user subgraph, which shows them to everybody. The port for the router's
 * certificate does not.
 */
function jwksUrl(env, userUrl) {
  if (env.PETPLUS_TLS_DIRECTORY && env[urlVariable("user")] && !env.PETPLUS_JWKS_URL) {
    throw new Error(`PETPLUS_JWKS_URL must be set with PETPLUS_TLS_DIRECTORY and ${urlVariable("user")}.`);
  }
  return httpUrl(env, "PETPLUS_JWKS_URL", new URL("/.well-known/jwks.json", userUrl).href);
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
  const upstreamTimeoutMs = readInteger(env, "PETPLUS_UPSTREAM_TIMEOUT", DEFAULT_UPSTREAM_TIMEOUT_MS, MAX_UPSTREAM_TIMEOUT_MS);
  const graceSeconds = Math.ceil(upstreamTimeoutMs / 1_000) + GRACE_MARGIN_SECONDS;
  const tlsDirectory = env.PETPLUS_TLS_DIRECTORY || undefined;
  const localUrls = Object.fromEntries(subgraphs.map(({ name, url }) => [name, withPort(url, port + portOffset(url))]));
  const urls = subgraphs.map(({ name }) => {
    const fallback = tlsDirectory ? overTls(localUrls[name]) : localUrls[name];
    return [name, httpUrl(env, urlVariable(name), fallback)];
  });
  const subgraphUrls = Object.fromEntries(urls);
  return {
    host,
    port,
    isProduction,
    acceptsAnyDocument: readBoolean(env, "PETPLUS_OPEN_GRAPH") || !isProduction,
    supergraphPath: env.PETPLUS_SUPERGRAPH || DEFAULT_SUPERGRAPH,
    operationsPath: env.PETPLUS_OPERATIONS || DEFAULT_OPERATIONS,
    upstreamTimeoutMs,
    connectionAgeMs: readNumber(env, "PETPLUS_UPSTREAM_CONNECTION_AGE"),
    drainMs: readInteger(env, "PETPLUS_DRAIN_SECONDS", 0, MAX_DRAIN_SECONDS, 0) * 1_000,
    graceMs: readInteger(env, "PETPLUS_GRACE_SECONDS", graceSeconds, MAX_GRACE_SECONDS) * 1_000,
    upstreamIdleTimeoutMs: readNumber(env, idleTimeoutName(env), IDLE_TIMEOUT),
    subgraphUrls,
    readCertificate: tlsDirectory && createCertificateReader(tlsDirectory),
    appsPath: env.PETPLUS_APPS || DEFAULT_APPS,
    pictureOrigins: pictureOrigins(env, host, tlsDirectory ? localUrls : subgraphUrls),
    deriveKey: (purpose) => createHmac("sha256", secret).update(purpose).digest(),
    trustedProxies: parseTrustedProxies(env.PETPLUS_TRUSTED_PROXIES ?? "", "PETPLUS_TRUSTED_PROXIES"),
    publicOrigins: readPublicOrigins(env, { host, isProduction }),
    corsOrigins: readOrigins(env, "PETPLUS_CORS_ORIGINS"),
    redisUrl: redisUrl(env),
    tokens: {
      jwksUrl: jwksUrl(env, tlsDirectory ? localUrls.user : subgraphUrls.user),
      issuer: env.PETPLUS_TOKEN_ISSUER || "https://allpetplus.example",
      audience: env.PETPLUS_TOKEN_AUDIENCE || "https://api.allpetplus.example",
    },
    cost: {
      maximum: readNumber(env, "PETPLUS_COST_MAXIMUM") ?? sharedLimits.cost.maximum,
      bucket: readNumber(env, "PETPLUS_COST_BUCKET"),
      restoreRate: readNumber(env, "PETPLUS_COST_RESTORE"),
    },
    connectionsPerAddress: readNumber(env, "PETPLUS_CONNECTIONS_PER_ADDRESS"),
    requestWaitMs: readInteger(env, "PETPLUS_REQUEST_WAIT", sharedLimits.admission.waitMilliseconds, MAX_WAIT_MS),
    writeTimeoutMs: readNumber(env, "PETPLUS_WRITE_TIMEOUT"),
    subscriptionsPerClient: readNumber(env, "PETPLUS_SUBSCRIPTIONS_PER_CLIENT"),
  };
}
