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
 * @param {{error?: unknown, [key: string]: unknown}} [fields]
 */
export function logEvent(level, message, { error, ...fields } = {}) {
  const description = error instanceof Error ? describe(error) : error;
  const line = { timestamp: new Date().toISOString(), level, event: message, ...fields, error: description };
  process.stderr.write(`${JSON.stringify(line)}\n`);
}

/** The gateway's logger turns an error into attributes, at their top or under a name of its own. */
function findError(attributes) {
  return [attributes, ...Object.values(attributes ?? {})].find((value) => value?.message && value.stack);
}

/** The logger that the gateway's own code writes to. */
export const gatewayLogger = new Logger({
  level: "warn",
  writers: [
    {
      write(level, attributes, message) {
        const error = findError(attributes);
        logEvent(level, message || "the gateway reported an error", { error: error && describe(error) });
      },
    },
  ],
});
