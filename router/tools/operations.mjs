/**
 * Builds the manifest of trusted documents:
 * `node tools/operations.mjs [--operations FOLDER] [--apps FOLDER] [--supergraph FILE] [--check]`.
 *
 * Each `.graphql` file of the folder holds one operation with the same name as the file. Fragments that several spread
 * stand in `fragments/`, each in a file with its name. `apps/NAME/VERSION.json` is what the tools of a release of an app
 * wrote, and --apps is the folder where those of the apps of this repository write (`app-manifests.mjs`). An operation
 * must be valid and within the limits for any variables: each number in them counts as a full page. Errors go to
 * standard error, one per line. The exit status is then 1, as it is when --check finds a difference.
 */
import { createHash } from "node:crypto";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { Kind, buildSchema, parse, stripIgnoredCharacters, validate, visit } from "graphql";
import { apiSchema } from "../gateway/api-schema.mjs";
import { MAX_PAGE_SIZE, estimateCost } from "../gateway/cost.mjs";
import { checkDocument } from "../gateway/limits.mjs";
import { readSettings } from "../gateway/settings.mjs";
import { ConfigurationError } from "../gateway/subgraphs.mjs";
import { readOwnApps, readReleases } from "./app-manifests.mjs";
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

/** The `.graphql` files of a folder: their paths by the names of what they hold. */
function documentFiles(folder) {
  const files = existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith(".graphql")).sort() : [];
  return new Map(files.map((file) => [basename(file, ".graphql"), join(folder, file)]));
}

/** The texts of the shared fragments by their names. */
function readFragments(folder) {
  const texts = new Map();
  for (const [name, path] of documentFiles(folder)) {
    const text = readFileSync(path, "utf8");
    const definitions = located(path, () => parse(text)).definitions;
    if (definitions.length !== 1 || definitions[0].kind !== Kind.FRAGMENT_DEFINITION || definitions[0].name.value !== name) {
      throw new ConfigurationError(`${path}: it must hold one fragment, ${name}`);
    }
    texts.set(name, text);
  }
  return texts;
}

/** The names of shared fragments that a text spreads, directly or by others of them. */
function spreadFragments(text, fragments, found = new Set()) {
  visit(parse(text), {
    FragmentSpread({ name: { value: name } }) {
      if (!fragments.has(name) || found.has(name)) return;
      found.add(name);
      spreadFragments(fragments.get(name), fragments, found);
    },
  });
  return found;
}

/** The entries of the folder's own files. */
function ownEntries(folder, manifestEntry) {
  const fragments = readFragments(join(folder, "fragments"));
  const unused = new Set(fragments.keys());
  const entries = [...documentFiles(folder)].map(([name, path]) =>
    located(path, () => {
      const text = readFileSync(path, "utf8");
      const spread = spreadFragments(text, fragments);
      for (const each of spread) unused.delete(each);
      const whole = [text, ...[...spread].map((each) => fragments.get(each))].join("\n");
      const entry = manifestEntry(stripIgnoredCharacters(whole));
      if (entry.name !== name) throw new Error(`it must hold one operation, ${name}`);
      return entry;
    }),
  );
  for (const name of unused) throw new ConfigurationError(`${join(folder, "fragments", name)}.graphql: nothing spreads it`);
  return entries;
}

/** The entries of all apps and their releases, each once with those that send it. */
function releasedEntries(releases, manifestEntry) {
  const entries = new Map();
  for (const { release, path } of releases) {
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
function allEntries(folder, apps, manifestEntry) {
  const released = releasedEntries([...readOwnApps(apps), ...readReleases(folder)], manifestEntry);
  const own = ownEntries(folder, manifestEntry).map((entry) => ({ ...entry, ...released.get(entry.id) }));
  const ids = new Set(own.map(({ id }) => id));
  const others = [...released.values()].filter(({ id }) => !ids.has(id));
  return [...own, ...others.sort((a, b) => (a.name + a.id < b.name + b.id ? -1 : 1))];
}

function main() {
  const { values } = parseArgs({
    options: {
      operations: { type: "string", default: join(ROUTER, "operations") },
      apps: { type: "string" },
      supergraph: { type: "string", default: join(ROUTER, "supergraph.graphql") },
      check: { type: "boolean", default: false },
    },
  });
  const folder = resolve(values.operations);
  // Beside the router, so that a folder of operations elsewhere stands alone.
  const apps = resolve(values.apps ?? join(folder, "..", "..", "apps", "operations"));
  // The gateway makes the same schema, but takes a second to load.
  const schema = buildSchema(apiSchema(readFileSync(values.supergraph, "utf8")));
  const { cost } = readSettings({});
  const operations = allEntries(folder, apps, createEntryMaker(schema, cost.maximum));
  const manifest = { format: "apollo-persisted-query-manifest", version: 1, operations };
  const text = `${JSON.stringify(manifest, null, 2)}\n`;
  const output = join(folder, "manifest.json");
  writeOrCheck(output, text, { check: values.check, command: "petplus operations build" });
}

await runCommand(main);
