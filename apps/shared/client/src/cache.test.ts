/** The cache's knowledge of the graph is the graph's, and enough for all operations of the apps. */
import { readFileSync, readdirSync } from "node:fs";
import { buildSchema, isAbstractType, parse, visit } from "graphql";
import { expect, test } from "vitest";
import { POSSIBLE_TYPES } from "./cache";

const APPS = new URL("../../../", import.meta.url);
/** Its fragments are in operations of the session alone, which pass the cache by. */
const UNCACHED = "SessionTokens";

test("every abstract type that a fragment is on is known with its members", () => {
  const schema = buildSchema(readFileSync(new URL("../router/schema.graphql", APPS), "utf8"));
  const folder = new URL("operations/", APPS);
  const manifests = readdirSync(folder).map((name) => JSON.parse(readFileSync(new URL(name, folder), "utf8")) as object);
  const texts = manifests.flatMap((manifest) => Object.values(manifest) as string[]);
  const used = new Set<string>();
  for (const text of texts) {
    visit(parse(text), {
      FragmentDefinition: ({ typeCondition }) => void used.add(typeCondition.name.value),
      InlineFragment: ({ typeCondition }) => void used.add(typeCondition?.name.value ?? ""),
    });
  }
  const found = [...used].toSorted().flatMap((name) => {
    const type = schema.getType(name);
    if (!isAbstractType(type) || name === UNCACHED) return [];
    return [[name, schema.getPossibleTypes(type).map((each) => each.name).toSorted()]];
  });
  expect(Object.fromEntries(found)).toEqual(POSSIBLE_TYPES);
});
