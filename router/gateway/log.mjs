/**
 * The router's log: one JSON line per event on standard error. Of an error only its name, message, code, path
 * and stack are written, never its extensions, for they may hold a request with its variables and headers.
 */
import { Logger } from "@graphql-hive/logger";

function describe(error) {
  const cause = error.cause ?? error.originalError;
  return {
    name: error.name,
    message: error.message,
    code: error.extensions?.code ?? error.code,
    path: error.path?.toString(),
    stack: error.stack,
    cause: cause instanceof Error ? describe(cause) : undefined,
  };
}

/**
 * @param {string} level
 * @param {string} message
 * @param {{error?: unknown, [key: string]: unknown}} [facts]
 */
export function logEvent(level, message, { error, ...facts } = {}) {
  const described = error instanceof Error ? describe(error) : error;
  const line = { timestamp: new Date().toISOString(), level, event: message, ...facts, error: described };
  process.stderr.write(`${JSON.stringify(line)}\n`);
}

/** The gateway's logger turns an error into attributes, at their top or under a name of its own. */
function errorAmong(attributes) {
  return [attributes, ...Object.values(attributes ?? {})].find((value) => value?.message && value.stack);
}

/** The logger that the gateway's own code writes to. */
export const gatewayLogger = new Logger({
  level: "warn",
  writers: [
    {
      write(level, attributes, message) {
        const error = errorAmong(attributes);
        logEvent(level, message || "the gateway reported an error", { error: error && describe(error) });
      },
    },
  ],
});
