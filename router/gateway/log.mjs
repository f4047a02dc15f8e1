/**
 * The router's log: one JSON line per event on standard error. An error is written as its name, message, code, path
 * and stack, never with its extensions, because they may hold a request with its variables and headers. The messages of
 * GraphQL and of parsers quote what a client sent, and are cut before the first quotation.
 */
import { Logger } from "@graphql-hive/logger";

const QUOTING_ERRORS = ["GraphQLError", "SyntaxError"];
const QUOTATION = /["'`{[].*$/s;

function withoutQuotations({ name, message }) {
  return QUOTING_ERRORS.includes(name) ? message.replace(QUOTATION, "…") : message;
}

/** The stack without its first lines, which repeat the message. */
function framesOf({ stack }) {
  return stack?.split("\n").filter((line) => line.startsWith("    at ")).join("\n");
}

function describe(error) {
  const cause = error.cause ?? error.originalError;
  return {
    name: error.name,
    message: withoutQuotations(error),
    code: error.extensions?.code ?? error.code,
    path: error.path?.toString(),
    stack: framesOf(error),
    cause: cause instanceof Error ? describe(cause) : undefined,
  };
}

/**
 * Writes one event.
 *
 * @param {string} level
 * @param {string} message in lower case, without variable parts: those are fields
 * @param {{error?: unknown, [key: string]: unknown}} [fields]
 */
export function logEvent(level, message, { error, ...fields } = {}) {
  const description = error instanceof Error ? describe(error) : error;
  const line = { timestamp: new Date().toISOString(), level, event: message, ...fields, error: description };
  process.stderr.write(`${JSON.stringify(line)}\n`);
}

/** The gateway's logger passes an error as the attributes or as one of them. */
function findError(attributes) {
  return [attributes, ...Object.values(attributes ?? {})].find((value) => value?.message && value.stack);
}

/** The logger for the gateway's own messages. */
export const gatewayLogger = new Logger({
  level: "warn",
  writers: [
    {
      write(level, attributes, message) {
        const error = findError(attributes);
        logEvent(level, message || "gateway error", { error: error && describe(error) });
      },
    },
  ],
});
