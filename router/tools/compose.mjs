/**
 * Composes the supergraph:
 * `node tools/compose.mjs [--config supergraph.yaml] [--output supergraph.graphql] [--check]`.
 *
 * Writes the output file, or with --check only compares it. Composition errors go to standard error, one per line, as
 * `CODE: message`. The exit status is then 1, as it is when --check finds a difference.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { composeServices } from "@theguild/federation-composition";
import { parse } from "graphql";
import { parse as parseYaml } from "yaml";

const ROUTER = fileURLToPath(new URL("..", import.meta.url));

class ComposeError extends Error {}

function read(path) {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new ComposeError(`${path} cannot be read: ${error.code}`);
  }
}

/** The subgraphs in a configuration of rover's format, with their parsed schemas. */
export function readServices(configPath) {
  const { subgraphs } = parseYaml(read(configPath)) ?? {};
  if (!subgraphs) throw new ComposeError(`${configPath} names no subgraphs`);
  return Object.entries(subgraphs).map(([name, { routing_url: url, schema }]) => {
    const path = resolve(dirname(configPath), schema.file);
    try {
      return { name, url, typeDefs: parse(read(path)) };
    } catch (error) {
      if (error instanceof ComposeError) throw error;
      const [location] = error.locations ?? [];
      throw new ComposeError(`${path}:${location?.line}:${location?.column}: ${error.message}`);
    }
  });
}

function compose(services) {
  const { supergraphSdl, errors } = composeServices(services);
  if (errors?.length) {
    const lines = errors.map((error) => `${error.extensions?.code ?? "ERROR"}: ${error.message}`);
    throw new ComposeError(lines.join("\n"));
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
  if (!values.check) {
    writeFileSync(values.output, supergraph);
  } else if (read(values.output) !== supergraph) {
    throw new ComposeError(`${values.output} is not up to date: run \`petplus compose\` to refresh it`);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    main();
  } catch (error) {
    process.stderr.write(`${error instanceof ComposeError ? error.message : error.stack}\n`);
    process.exitCode = 1;
  }
}
