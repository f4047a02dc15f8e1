/** Prints the fetches of a plan for `nodes` of all types: the subgraph, and by which keys it is asked for entities. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createPlanner } from "../../router/gateway/execution/plan.mjs";

const { buildSchema } = createRequire(new URL("../../router/server.mjs", import.meta.url))("graphql");

const supergraph = readFileSync(process.argv[2], "utf8");
const plan = createPlanner(supergraph, buildSchema(supergraph))("query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }");

const found = [];
function visit({ nodes = [], service, selections = [] }) {
  if (service !== undefined) {
    const keys = selections.flatMap(({ representationOf }) => {
      const types = ["User", "Order", "Design", "Preset", "Product", "WebhookDelivery", "Export", "Experiment", "AuditEntry"];
      const representations = types.map((each) => representationOf({ __typename: each, nodeId: "1" }));
      return representations.filter(Boolean).flatMap((each) => Object.keys(each).filter((name) => name !== "__typename"));
    });
    found.push({ service, keys: [...new Set(keys)] });
  }
  nodes.forEach(visit);
}
visit(plan);
process.stdout.write(JSON.stringify(found));
