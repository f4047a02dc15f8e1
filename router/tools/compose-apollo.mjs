/**
 * Prints the sorted API schema that Apollo's composition makes of the subgraphs: `node tools/compose-apollo.mjs
 * CONFIG`; or with `node tools/compose-apollo.mjs --supergraph FILE` the API schema of a supergraph that `compose.mjs`
 * made. Only tests use it: both must be equal. Descriptions are left out, because the two pick different ones when
 * there are several. Composition errors go to standard error, with exit status 1.
 */
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { composeServices } from "@apollo/composition";
import { transformSupergraphToPublicSchema } from "@theguild/federation-composition";
import { buildASTSchema, lexicographicSortSchema, parse, print, printSchema, visit } from "graphql";
import { readServices } from "./compose.mjs";

function apiSchemaByApollo(configPath) {
  const { schema, errors } = composeServices(readServices(configPath));
  if (errors?.length) {
    process.stderr.write(`${errors.map((error) => error.message).join("\n")}\n`);
    process.exit(1);
  }
  return schema.toAPISchema().toGraphQLJSSchema();
}

function apiSchemaOf(supergraphPath) {
  return buildASTSchema(transformSupergraphToPublicSchema(parse(readFileSync(supergraphPath, "utf8"))));
}

const { values, positionals } = parseArgs({
  options: { supergraph: { type: "string" } },
  allowPositionals: true,
});
const schema = values.supergraph ? apiSchemaOf(values.supergraph) : apiSchemaByApollo(positionals[0]);
const sorted = parse(printSchema(lexicographicSortSchema(schema)));
const plain = visit(sorted, { enter: (node) => (node.description ? { ...node, description: undefined } : undefined) });
process.stdout.write(`${print(plain)}\n`);
