/** Reads the list of subgraphs from `supergraph.yaml`, in the format of rover's `supergraph compose`. */
import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { parse } from "yaml";

/** The port of the router that the routing URLs in `supergraph.yaml` assume. */
export const DEFAULT_PORT = 4000;

/** A configuration that cannot be used; the message says why. */
export class ConfigurationError extends Error {}

/** Reads a text file. Throws a ConfigurationError that names it. */
export function readText(path) {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new ConfigurationError(`${path} cannot be read: ${error.code}`);
  }
}

/**
 * Reads the subgraphs.
 *
 * @param {string} path of the configuration
 * @returns {{name: string, url: string, schemaPath: string}[]} in the order of the file
 */
export function readSubgraphs(path) {
  const { subgraphs } = parse(readText(path)) ?? {};
  if (!subgraphs) throw new ConfigurationError(`${path} names no subgraphs`);
  return Object.entries(subgraphs).map(([name, { routing_url: url, schema }]) => {
    return { name, url, schemaPath: resolve(dirname(path), schema.file) };
  });
}
