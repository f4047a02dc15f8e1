/**
 * Reads the composed supergraph and keeps the last good one: a missing, half-written or invalid file is reported
 * once and changes nothing, unless there is nothing yet to keep.
 */
import { readFile } from "node:fs/promises";
import { buildSchema } from "graphql";
import { logEvent } from "./log.mjs";

/** How old the gateway's view of the file may be when a request comes. */
export const POLLING_INTERVAL_MS = 10_000;

function validate(text) {
  const schema = buildSchema(text);
  if (!schema.getType("join__Graph")) {
    throw new Error("it is a schema, but not a composed supergraph");
  }
  return text;
}

/**
 * @param {string} path
 * @returns {(() => Promise<string>) & {current: () => string | undefined}} answers the newest valid supergraph;
 *   `current` is what it answered last
 */
export function supergraphReader(path) {
  let lastValid;
  let lastInvalid;
  async function readSupergraph() {
    let text;
    try {
      text = await readFile(path, "utf8");
      if (text !== lastValid && text !== lastInvalid) lastValid = validate(text);
    } catch (error) {
      if (lastValid === undefined) throw new Error(`The supergraph at ${path} cannot be used: ${error.message}`);
      logEvent("error", "the new supergraph cannot be used, the last good one stays", { error });
      lastInvalid = text;
    }
    return lastValid;
  }

  return Object.assign(readSupergraph, { current: () => lastValid });
}
