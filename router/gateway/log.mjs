/**
 * The router's log: one JSON line per event on standard error. No line shows what a client sent. An error is written as
 * its name, code, stack and the names of its fields, without its message, which may quote a literal or a variable, and
 * without response keys, which are the client's aliases.
 */
import { Logger } from "@graphql-hive/logger";

const NAME = /^\w{1,64}$/;

/** An error whose message is for operators: it holds nothing of a request. */
export class ReportedError extends Error {}

function safeName(value) {
  return typeof value === "string" && NAME.test(value) ? value : undefined;
}

/** The lines of a stack that name places in the code. They follow the message. */
function stackFrames({ stack, message }) {
  if (typeof stack !== "string") return undefined;
  const end = stack.indexOf(message);
  const frames = end < 0 ? stack : stack.slice(end + message.length);
  return frames.split("\n").filter((line) => /^ +at /.test(line)).join("\n");
}

/** The path of an error in a result: the positions in lists, and the field's name in place of the last response key. */
function fieldPath({ path, nodes }) {
  if (!Array.isArray(path)) return undefined; // that of a file, for example
  const field = nodes?.[0]?.name?.value;
  return path.map((key, i) => (typeof key === "number" ? key : (i === path.length - 1 && field) || "…")).join(".");
}

function describe(error) {
  const cause = error.cause ?? error.originalError;
  return {
    name: safeName(error.name),
    message: error instanceof ReportedError ? error.message : undefined,
    code: safeName(error.extensions?.code ?? error.code),
    path: fieldPath(error),
    stack: stackFrames(error),
    cause: cause instanceof Error ? describe(cause) : undefined,
  };
}

/**
 * Writes one event.
 *
 * @param {string} level
 * @param {string} message in lower case, without variable parts: those are fields
 * @param {{error?: unknown, [key: string]: unknown}} [fields] nothing that a client sent
 */
export function logEvent(level, message, { error, ...fields } = {}) {
  const description = error instanceof Error ? describe(error) : undefined;
  const line = { timestamp: new Date().toISOString(), level, event: message, ...fields, error: description };
  process.stderr.write(`${JSON.stringify(line)}\n`);
}

/** The gateway's logger passes an error as the attributes or as one of them. */
function findError(attributes) {
  return [attributes, ...Object.values(attributes ?? {})].find((value) => value instanceof Error);
}

/** The logger for the gateway's own messages, whose text is left out: it may be that of an error. */
export const gatewayLogger = new Logger({
  level: "warn",
  writers: [
    {
      write(level, attributes) {
        logEvent(level, "gateway error", { error: findError(attributes) });
      },
    },
  ],
});

/** Keeps libraries from writing to the console, where some write the message of an error. */
export function captureConsole() {
  for (const level of ["debug", "info", "log", "warn", "error"]) {
    console[level] = (...values) => {
      logEvent("warn", "console message", { error: values.find((value) => value instanceof Error) });
    };
  }
}
