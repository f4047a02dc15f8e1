/**
 * Writes the schema that clients see, for their tools:
 * `node tools/api-schema.mjs [--supergraph FILE] [--output schema.graphql] [--check]`.
 *
 * With --check the file is only compared. Errors go to standard error. The exit status is then 1, as it is when --check
 * finds a difference.
 */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { apiSchema } from "../gateway/api-schema.mjs";
import { readText } from "../gateway/subgraphs.mjs";
import { runCommand } from "./command.mjs";
import { writeOrCheck } from "./generated-file.mjs";

const ROUTER = fileURLToPath(new URL("..", import.meta.url));

function main() {
  const { values } = parseArgs({
    options: {
      supergraph: { type: "string", default: join(ROUTER, "supergraph.graphql") },
      output: { type: "string", default: join(ROUTER, "schema.graphql") },
      check: { type: "boolean", default: false },
    },
  });
  const schema = apiSchema(readText(values.supergraph));
  writeOrCheck(values.output, schema, { check: values.check, command: "petplus schema --api" });
}

await runCommand(main);
