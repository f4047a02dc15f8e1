/**
 * Enforces `@authenticated` and `@requiresScopes` of the supergraph before anything is fetched, with the messages of
 * the subgraphs (`shared/graph/access.py`), which enforce them again.
 *
 * A denied field is not fetched: it is null in the response, with a coded error. The directives must therefore stand on
 * nullable fields of objects or on root fields; a denied root field that is non-null rejects the whole operation. Tests
 * hold the schema to that.
 *
 * Of a mutation, only the root fields are checked here. The subgraphs check the fields below, because a mutation such
 * as logging in may have just authenticated the client.
 */
import { parse, visit } from "graphql";

/**
 * Reads which fields are protected.
 *
 * @returns {Map<string, string[][]>} by `Type.field`: the sets of scopes, one of which is required; empty when being
 *   logged in is enough
 */
export function readAccessPolicy(supergraph) {
  const found = new Map();
  for (const { kind, name, fields } of parse(supergraph, { noLocation: true }).definitions) {
    if (kind !== "ObjectTypeDefinition") continue;
    for (const field of fields ?? []) {
      const scoped = field.directives.find((each) => each.name.value === "requiresScopes");
      const sets = scoped?.arguments[0].value.values.map((set) => set.values.map((scope) => scope.value));
      if (sets !== undefined) found.set(`${name.value}.${field.name.value}`, sets);
      else if (field.directives.some((each) => each.name.value === "authenticated")) {
        found.set(`${name.value}.${field.name.value}`, []);
      }
    }
  }
  return found;
}

function denial(viewer, sets) {
  if (viewer.id === undefined) return { message: "Log in first.", code: "UNAUTHENTICATED" };
  if (sets.length === 0 || sets.some((set) => set.every((scope) => viewer.scopes.has(scope)))) return undefined;
  return { message: `This needs the scope \`${sets[0].join("` and `")}\`.`, code: "FORBIDDEN" };
}

/**
 * Makes the function that tells what of a document is denied to whom.
 *
 * @param {string} supergraph
 * @param {import("graphql").GraphQLSchema} schema that clients see
 * @returns {(document: object) => (viewer: object, operationKind: string) => {key: string, denialOf: Function}} the
 *   denial of a field by the names of its type and of itself, and a key that is equal where the denials are
 */
export function createAccessPolicy(supergraph, schema) {
  const policy = readAccessPolicy(supergraph);
  const mutation = schema.getMutationType()?.name;

  return function accessOf(document) {
    const selected = new Set();
    visit(document, { Field: ({ name }) => void selected.add(name.value) });
    const required = [...policy].filter(([field]) => selected.has(field.slice(field.indexOf(".") + 1)));
    return (viewer, operationKind) => {
      const denials = new Map();
      for (const [field, sets] of required) {
        if (operationKind === "mutation" && !field.startsWith(`${mutation}.`)) continue;
        const found = denial(viewer, sets);
        if (found) denials.set(field, found);
      }
      const key = [...denials].map(([field, { code }]) => `${field} ${code}`).join();
      return { key, denialOf: (typeName, fieldName) => denials.get(`${typeName}.${fieldName}`) };
    };
  };
}
