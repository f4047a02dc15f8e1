/**
 * Builds the manifest of trusted documents:
 * `node tools/operations.mjs [--operations FOLDER] [--supergraph FILE] [--check]`.
 *
 * Each `.graphql` file of the folder holds one operation with the same name as the file, and the fragments that it
 * spreads. `apps/NAME/VERSION.json` in it is what the tools of a release of an app wrote (`app-manifests.mjs`). An
 * operation must be valid and within the limits for any variables: each number in them counts as a full page. Errors go
 * to standard error, one per line. The exit status is then 1, as it is when --check finds a difference.
 */
import { createHash } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { createGatewayRuntime } from "@graphql-hive/gateway-runtime";
import { Kind, parse, stripIgnoredCharacters, validate } from "graphql";
import { MAX_PAGE_SIZE, estimateCost } from "../gateway/cost.mjs";
import { checkDocument } from "../gateway/limits.mjs";
import { gatewayLogger } from "../gateway/log.mjs";
import { readSettings } from "../gateway/settings.mjs";
import { ConfigurationError } from "../gateway/subgraphs.mjs";
import { readReleases } from "./app-manifests.mjs";
import { runCommand } from "./command.mjs";
import { writeOrCheck } from "./generated-file.mjs";

const ROUTER = fileURLToPath(new URL("..", import.meta.url));

/** Variables for which an operation has its maximum cost: every number is a full page. */
function maximumVariables(operation) {
  const names = (operation.variableDefinitions ?? []).map((each) => each.variable.name.value);
  return Object.fromEntries(names.map((name) => [name, MAX_PAGE_SIZE]));
}

function idOf(body) {
  return createHash("sha256").update(body).digest("hex");
}

/** Makes the function that checks a text and returns the manifest's entry for it. */
function createEntryMaker(schema, maximum) {
  return function manifestEntry(body) {
    const document = parse(body);
    const [operation, ...more] = document.definitions.filter((each) => each.kind === Kind.OPERATION_DEFINITION);
    if (!operation?.name || more.length > 0) throw new Error("it must hold one operation, with a name");
    const [invalid] = validate(schema, document);
    if (invalid) throw invalid;
    checkDocument(document);
    const cost = estimateCost(schema, document, operation, maximumVariables(operation));
    if (cost > maximum) throw new Error(`its cost may reach ${cost}; the maximum is ${maximum}`);
    return { id: idOf(body), name: operation.name.value, type: operation.operation, body };
  };
}

function located(where, read) {
  try {
    return read();
  } catch (error) {
    throw new ConfigurationError(`${where}: ${error.message}`);
  }
}

/** The entries of the folder's own files. */
function ownEntries(folder, manifestEntry) {
  const paths = readdirSync(folder).filter((name) => name.endsWith(".graphql")).sort();
  return paths.map((file) =>
    located(join(folder, file), () => {
      const entry = manifestEntry(stripIgnoredCharacters(readFileSync(join(folder, file), "utf8")));
      const name = basename(file, ".graphql");
      if (entry.name !== name) throw new Error(`it must hold one operation, ${name}`);
      return entry;
    }),
  );
}

/** The entries of all releases of apps, each once with the releases that send it. */
function releasedEntries(folder, manifestEntry) {
  const entries = new Map();
  for (const { release, path } of readReleases(folder)) {
    for (const { id, body } of located(path, () => release.operations())) {
      if (idOf(body) !== id) throw new ConfigurationError(`${path}: ${id} is not the SHA-256 hash of its text`);
      const entry = entries.get(id) ?? { ...located(`${path}: ${id}`, () => manifestEntry(body)), releases: [] };
      entry.releases.push(release.name);
      entries.set(id, entry);
    }
  }
  return entries;
}

/** All entries: an operation that the folder and an app have is one. */
function allEntries(folder, manifestEntry) {
  const released = releasedEntries(folder, manifestEntry);
  const own = ownEntries(folder, manifestEntry).map((entry) => ({ ...entry, ...released.get(entry.id) }));
  const ids = new Set(own.map(({ id }) => id));
  const others = [...released.values()].filter(({ id }) => !ids.has(id));
  return [...own, ...others.sort((a, b) => (a.name + a.id < b.name + b.id ? -1 : 1))];
}

async function main() {
  const { values } = parseArgs({
    options: {
      operations: { type: "string", default: join(ROUTER, "operations") },
      supergraph: { type: "string", default: join(ROUTER, "supergraph.graphql") },
      check: { type: "boolean", default: false },
    },
  });
  const folder = resolve(values.operations);
  const supergraph = readFileSync(values.supergraph, "utf8");
  const schema = await createGatewayRuntime({ supergraph, logging: gatewayLogger }).getSchema();
  const { cost } = readSettings({});
  const operations = allEntries(folder, createEntryMaker(schema, cost.maximum));
  const manifest = { format: "apollo-persisted-query-manifest", version: 1, operations };
  const text = `${JSON.stringify(manifest, null, 2)}\n`;
  const output = join(folder, "manifest.json");
  writeOrCheck(output, text, { check: values.check, command: "petplus operations build" });
}

await runCommand(main);
