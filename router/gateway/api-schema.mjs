/**
 * The schema that clients see: the supergraph without the directives and types by which the router plans and checks
 * access. In development the router serves it for clients' tools.
 */
import { transformSupergraphToPublicSchema } from "@theguild/federation-composition";
import { Kind, parse, print, visit } from "graphql";
import { supergraphReader } from "./supergraph.mjs";

export const SCHEMA_PATH = "/schema.graphql";

/** What says who may see a field: the router checks it, and the field's description tells it to clients. */
const ACCESS_DIRECTIVES = ["authenticated", "requiresScopes"];
const ACCESS_SCALAR = "requiresScopes__Scope";

const withoutAccess = {
  Directive: (node) => (ACCESS_DIRECTIVES.includes(node.name.value) ? null : undefined),
  DirectiveDefinition: (node) => (ACCESS_DIRECTIVES.includes(node.name.value) ? null : undefined),
  ScalarTypeDefinition: (node) => (node.name.value === ACCESS_SCALAR ? null : undefined),
  // The root types have their default names.
  [Kind.SCHEMA_DEFINITION]: () => null,
};

/** The schema that clients see, as text. */
export function apiSchema(supergraph) {
  return `${print(visit(transformSupergraphToPublicSchema(parse(supergraph)), withoutAccess)).trim()}\n`;
}

/** Makes the function that responds with the schema of the newest supergraph. */
export function createSchemaPage({ supergraphPath }) {
  const readSupergraph = supergraphReader(supergraphPath);
  return async function respondWithSchema(response) {
    const body = apiSchema(await readSupergraph());
    response.writeHead(200, {
      "content-type": "text/plain; charset=utf-8",
      "content-length": Buffer.byteLength(body),
      "cache-control": "no-cache",
      "x-content-type-options": "nosniff",
    });
    response.end(body);
  };
}
