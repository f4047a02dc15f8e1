/**
 * Builds the manifest of trusted documents:
 * `node tools/operations.mjs [--operations FOLDER] [--supergraph FILE] [--check]`.
 *
 * Each file of the folder holds one operation with the same name as the file, and the fragments that it spreads. It
 * must be valid and within the limits for any variables: each number in them counts as a full page. Errors go to
 * standard error, one per line. The exit status is then 1, as it is when --check finds a difference.
 */
import { createHash } from "node:crypto";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { createGatewayRuntime } from "@graphql-hive/gateway-runtime";
import { Kind, parse, stripIgnoredCharacters, validate } from "graphql";
import { MAX_PAGE_SIZE, estimateCost } from "../gateway/cost.mjs";
import { checkDocument } from "../gateway/limits.mjs";
import { gatewayLogger } from "../gateway/log.mjs";
import { readSettings } from "../gateway/settings.mjs";

const ROUTER = fileURLToPath(new URL("..", import.meta.url));

class OperationError extends Error {}

/** Variables for which an operation has its maximum cost: every number is a full page. */
function maximumVariables(operation) {
  const names = (operation.variableDefinitions ?? []).map((each) => each.variable.name.value);
  return Object.fromEntries(names.map((name) => [name, MAX_PAGE_SIZE]));
}

/** The manifest's entry for one file. Throws an OperationError that says what to correct. */
function manifestEntry(path, schema, maximum) {
  const name = basename(path, ".graphql");
  try {
    const body = stripIgnoredCharacters(readFileSync(path, "utf8"));
    const document = parse(body);
    const [operation, ...more] = document.definitions.filter((each) => each.kind === Kind.OPERATION_DEFINITION);
    if (operation?.name?.value !== name || more.length > 0) throw new Error(`it must hold one operation, ${name}`);
    const [invalid] = validate(schema, document);
    if (invalid) throw invalid;
    checkDocument(document);
    const cost = estimateCost(schema, document, operation, maximumVariables(operation));
    if (cost > maximum) throw new Error(`its cost may reach ${cost}; the maximum is ${maximum}`);
    return { id: createHash("sha256").update(body).digest("hex"), name, type: operation.operation, body };
  } catch (error) {
    throw new OperationError(`${path}: ${error.message}`);
  }
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
  const paths = readdirSync(folder).filter((name) => name.endsWith(".graphql")).sort();
  const operations = paths.map((name) => manifestEntry(join(folder, name), schema, cost.maximum));
  const manifest = { format: "apollo-persisted-query-manifest", version: 1, operations };
  const text = `${JSON.stringify(manifest, null, 2)}\n`;
  const output = join(folder, "manifest.json");
  if (!values.check) {
    writeFileSync(output, text);
  } else if (readFileSync(output, "utf8") !== text) {
    throw new OperationError(`${output} is not up to date: run \`petplus operations build\` to refresh it`);
  }
}

try {
  await main();
} catch (error) {
  process.stderr.write(`${error instanceof OperationError ? error.message : error.stack}\n`);
  process.exitCode = 1;
}
