// Prints the costs that the router estimates, as JSON, for operations on standard input: [{query, name, variables}].
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { estimateCost } from "../../router/gateway/cost.mjs";

// The same instance of graphql as the router's.
const { buildSchema, getOperationAST, parse } = createRequire(new URL("../../router/server.mjs", import.meta.url))("graphql");

const [supergraph] = process.argv.slice(2);
const schema = buildSchema(readFileSync(supergraph, "utf8"), { assumeValid: true, assumeValidSDL: true });
const asked = JSON.parse(readFileSync(0, "utf8"));
const costs = asked.map(({ query, name, variables }) => {
  const document = parse(query);
  return estimateCost(schema, document, getOperationAST(document, name), variables);
});
process.stdout.write(JSON.stringify(costs));
