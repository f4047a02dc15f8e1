/**
 * Reads the composed supergraph and keeps the last valid one. A missing, partly written or invalid file is logged once
 * and changes nothing, unless no valid supergraph has been read yet.
 */
import { readFile } from "node:fs/promises";
import { buildSchema } from "graphql";
import { logEvent } from "./log.mjs";

/** The maximum age of the supergraph that a request uses. */
export const POLLING_INTERVAL_MS = 10_000;

function validate(text) {
  const schema = buildSchema(text);
  if (!schema.getType("join__Graph")) {
    throw new Error("it is a schema, but not a composed supergraph");
  }
  return text;
}

/**
 * Makes the function that reads the supergraph.
 *
 * @param {string} path
 * @returns {(() => Promise<string>) & {current: () => string | undefined}} returns the newest valid supergraph;
 *   `current` is what it returned last
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
      logEvent("error", "supergraph reload failed", { reason: error.message, error });
      lastInvalid = text;
    }
    return lastValid;
  }

  return Object.assign(readSupergraph, { current: () => lastValid });
}
