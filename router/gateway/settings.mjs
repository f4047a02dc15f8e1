/**
 * The router's settings, read once from the environment. A bad value stops the start with one sentence that
 * names the variable.
 */
import { fileURLToPath } from "node:url";

/** The subgraphs in the order of their ports: the first listens on the router's port + 1. */
export const SUBGRAPHS = ["user", "builder", "order", "webhook", "analytics", "audit"];

const ENVIRONMENTS = ["development", "production"];
const LARGEST_PORT = 65_535;
const LARGEST_TIMEOUT_MS = 600_000;
const DEFAULT_TIMEOUT_MS = 10_000;
const DEFAULT_SUPERGRAPH = fileURLToPath(new URL("../supergraph.graphql", import.meta.url));

function wholeNumber(env, name, fallback, largest) {
  const text = env[name];
  if (text === undefined || text === "") return fallback;
  const number = Number(text);
  if (!/^\d+$/.test(text) || number < 1 || number > largest) {
    throw new Error(`${name} must be a whole number from 1 to ${largest}.`);
  }
  return number;
}

function subgraphUrl(env, name, fallback) {
  const variable = `PETPLUS_${name.toUpperCase()}_URL`;
  const text = env[variable] || fallback;
  if (!/^https?:$/.test(URL.parse(text)?.protocol ?? "")) {
    throw new Error(`${variable} must be an http or https URL.`);
  }
  return text;
}

/**
 * @param {Record<string, string | undefined>} env
 * @returns {{host: string, port: number, environment: string, supergraphPath: string,
 *   upstreamTimeoutMs: number, subgraphUrls: Record<string, string>}}
 */
export function readSettings(env) {
  const port = wholeNumber(env, "PETPLUS_PORT", 4000, LARGEST_PORT - SUBGRAPHS.length);
  const environment = env.PETPLUS_ENV || "development";
  if (!ENVIRONMENTS.includes(environment)) {
    throw new Error(`PETPLUS_ENV must be ${ENVIRONMENTS.join(" or ")}.`);
  }
  const urls = SUBGRAPHS.map((name, index) => [
    name,
    subgraphUrl(env, name, `http://127.0.0.1:${port + 1 + index}/graphql`),
  ]);
  return {
    host: env.PETPLUS_HOST || "127.0.0.1",
    port,
    environment,
    redisUrl: env.PETPLUS_REDIS_URL || undefined,
    supergraphPath: env.PETPLUS_SUPERGRAPH || DEFAULT_SUPERGRAPH,
    upstreamTimeoutMs: wholeNumber(env, "PETPLUS_UPSTREAM_TIMEOUT", DEFAULT_TIMEOUT_MS, LARGEST_TIMEOUT_MS),
    subgraphUrls: Object.fromEntries(urls),
  };
}
