/** Prints which fields the fetches of entities ask for in a plan that names a repeated selection. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createPlanner } from "../../router/gateway/execution/plan.mjs";

const { buildSchema } = createRequire(new URL("../../router/server.mjs", import.meta.url))("graphql");

const supergraph = readFileSync(process.argv[2], "utf8");
const config = "config { product size material primaryColor }";
const designs = `designs(first: 2) { nodes { name status ${config} price { amount currencyCode } } totalCount }`;
const order = `orders(first: 1) { nodes { customer { ${designs} } lines { design { owner { ${designs} } } } } }`;
const plan = createPlanner(supergraph, buildSchema(supergraph))(`{ a: me { ${designs} } b: me { ${designs} ${order} } }`);

const found = [];
function visit({ nodes = [], selections = [], text = "" }) {
  for (const { fieldsOf } of selections) found.push({ isNamed: text.includes("fragment "), fields: fieldsOf("User") });
  nodes.forEach(visit);
}
visit(plan);
process.stdout.write(JSON.stringify(found));
