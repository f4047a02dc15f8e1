/**
 * Composes the supergraph:
 * `node tools/compose.mjs [--config supergraph.yaml] [--output supergraph.graphql] [--check]`.
 *
 * Writes the output file, or with --check only compares it. Composition errors go to standard error, one per line, as
 * `CODE: message`. The exit status is then 1, as it is when --check finds a difference.
 */
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { composeServices } from "@theguild/federation-composition";
import { parse } from "graphql";
import { ConfigurationError, readSubgraphs, readText } from "../gateway/subgraphs.mjs";
import { runCommand } from "./command.mjs";
import { writeOrCheck } from "./generated-file.mjs";
import { addNodes } from "./nodes.mjs";

const ROUTER = fileURLToPath(new URL("..", import.meta.url));

/** The subgraphs of a configuration, with their parsed schemas. */
export function readSubgraphSchemas(configPath) {
  return readSubgraphs(configPath).map(({ name, url, schemaPath }) => {
    const schema = readText(schemaPath);
    try {
      return { name, url, typeDefs: parse(schema) };
    } catch (error) {
      const [location] = error.locations ?? [];
      throw new ConfigurationError(`${schemaPath}:${location?.line}:${location?.column}: ${error.message}`);
    }
  });
}

/** The subgraphs of a configuration and the router's own graph. */
export function readServices(configPath) {
  return addNodes(readSubgraphSchemas(configPath));
}

/** Composes services. Throws a ConfigurationError with a line for each thing that does not fit together. */
export function compose(services) {
  const { supergraphSdl, errors } = composeServices(services);
  if (errors?.length) {
    const lines = errors.map((error) => `${error.extensions?.code ?? "ERROR"}: ${error.message}`);
    throw new ConfigurationError(lines.join("\n"));
  }
  return `${supergraphSdl.trim()}\n`;
}

function main() {
  const { values } = parseArgs({
    options: {
      config: { type: "string", default: resolve(ROUTER, "supergraph.yaml") },
      output: { type: "string", default: resolve(ROUTER, "supergraph.graphql") },
      check: { type: "boolean", default: false },
    },
  });
  const supergraph = compose(readServices(values.config));
  writeOrCheck(values.output, supergraph, { check: values.check, command: "petplus compose" });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await runCommand(main);
}
