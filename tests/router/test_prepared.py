"""What the router keeps of operations and their plans: within bytes, and used again."""

import json
import subprocess

from petplus.local.node import ROUTER, find_node
from tests.support.waiting import TEST_TIMEOUT

KEPT = 8 * 2**20
# Prepares operations as the executor does: some that are repeated, many that are large, and one with many conditions.
SCRIPT = """
import { readFileSync } from "node:fs";
import { buildSchema, getOperationAST, parse } from "graphql";
import { createAccessPolicy } from "./gateway/access.mjs";
import { clientSchema } from "./gateway/execution/executor.mjs";
import { createPlanner } from "./gateway/execution/plan.mjs";
import { createPreparation } from "./gateway/execution/prepared.mjs";
const text = readFileSync("supergraph.graphql", "utf8");
const schema = clientSchema(buildSchema(text, { assumeValid: true, assumeValidSDL: true }));
const planner = createPlanner(text, schema);
let planned = 0;
function plan(operation) {
  planned += 1;
  return planner(operation);
}
const viewer = { id: "usr_1", scopes: new Set() };
const numbers = [...Array(20).keys()];
const fields = "presets(first: 2) { edges { node { id name previewUrl } cursor } nodes { id name previewUrl } }";
const large = (n) => `{ ${numbers.map((each) => `a${each}_${n}: ${fields}`).join(" ")} }`;
const names = numbers.slice(0, 9);
const conditional = `query (${names.map((each) => `$v${each}: Boolean!`).join(" ")}) { ${numbers
  .map((each) => `a${each}: ${fields.replace("name", `name @skip(if: $v${each % 9})`)}`)
  .join(" ")} }`;
const alive = [];
function used(run) {
  const prepare = createPreparation(schema, plan, createAccessPolicy(text, schema), Number(process.argv[1]));
  alive.push(prepare);
  globalThis.gc();
  const before = process.memoryUsage().heapUsed;
  run((document, variables = {}) => prepare(document, getOperationAST(document), variables, viewer));
  globalThis.gc();
  return process.memoryUsage().heapUsed - before;
}
const found = {};
const known = parse(large("known"));
used((prepare) => { prepare(known); prepare(known); });
found.planned = planned;
found.documents = used((prepare) => { for (let n = 0; n < 300; n += 1) prepare(parse(large(n))); });
const document = parse(conditional);
found.conditions = used((prepare) => {
  for (let n = 0; n < 300; n += 1) {
    prepare(document, Object.fromEntries(names.map((each) => [`v${each}`, Boolean((n >> each) & 1)])));
  }
});
process.stdout.write(JSON.stringify(found));
"""


def test_operations_and_their_plans_are_kept_within_bytes_and_used_again() -> None:
    command = [str(find_node().binary), "--expose-gc", "--input-type=module", "--eval", SCRIPT, str(KEPT)]
    done = subprocess.run(command, cwd=ROUTER, capture_output=True, text=True, check=True, timeout=TEST_TIMEOUT)
    found = json.loads(done.stdout)
    assert found["planned"] == 1
    assert 0 < found["documents"] < 1.5 * KEPT
    assert 0 < found["conditions"] < 1.5 * KEPT
