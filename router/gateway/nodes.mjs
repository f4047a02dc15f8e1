/**
 * `node` and `nodes`: any object by its id (https://relay.dev/graphql/objectidentification.htm).
 *
 * The router answers both itself, as a graph of its own in the supergraph: the prefix of an id tells the type, and the
 * subgraph that owns the type the rest. The owner tags its type with the prefix (`@tag(name: "id/ord")`). The graph's
 * types have no `id`, but a key of another name, so that a plan asks the owner even for the id alone: an object that
 * does not exist, or that the client may not see, is null.
 */
import { GraphQLError, Kind, buildSchema, execute, parse } from "graphql";
import { MAX_PAGE_SIZE } from "./cost.mjs";

/** The name of the router's own graph in the supergraph. */
export const ROUTER_GRAPH = "router";
export const NODE = "Node";
/** The key by which plans lead from the router's graph to owners, who get it as `id`. */
export const NODE_KEY = "nodeId";
const TAG = "tag";
const TAG_PREFIX = "id/";
/** The form of ids, as in `shared/core/ids.py`. */
const ID = /^([a-z]+)_[0-7][0-9a-hjkmnp-tv-z]{25}$/;

const NODE_DESCRIPTION = "An object with an id that is unique in the whole graph and tells its type.";
const ID_DESCRIPTION = "The object's id, such as `ord_01jd…`.";
const NULLS = "null if it does not exist, if the viewer may not see it, or if its type is no `Node`";
const QUERY = `
type Query {
  "One object by its id; ${NULLS}."
  node("The object's id." id: ID!): ${NODE}

  "Objects by their ids, in the order of the ids; one is ${NULLS}."
  nodes("The objects' ids, at most ${MAX_PAGE_SIZE}." ids: [ID!]!): [${NODE}]!
}`;

/** The prefix of a type's ids; undefined for a type whose definition has no such tag. */
export function prefixOf({ directives = [] }) {
  for (const { name, arguments: [argument] = [] } of directives) {
    const value = name.value === TAG ? argument.value.value : "";
    if (value.startsWith(TAG_PREFIX)) return value.slice(TAG_PREFIX.length);
  }
  return undefined;
}

/** The schema of the router's own graph, without directives of federation. */
function schemaText(names, { directives = () => "", hidden = "" } = {}) {
  const node = `"""${NODE_DESCRIPTION}"""\ninterface ${NODE} { ${NODE_KEY}: ID!${hidden} }`;
  const types = names.map((each) => `type ${each} implements ${NODE}${directives(each)} { ${NODE_KEY}: ID!${hidden} }`);
  return [QUERY, node, ...types].join("\n");
}

/** The router's own graph for composition. */
export function routerGraph(names) {
  const link = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@inaccessible"])`;
  const directives = () => ` @key(fields: "${NODE_KEY}", resolvable: false)`;
  return parse(`${link}\n${schemaText(names, { directives, hidden: " @inaccessible" })}`);
}

/** What an owner's schema is given for composition, beside its own definitions. */
export const OWNERS_PART = {
  directive: parse(`type T @key(fields: "${NODE_KEY}") { id: ID! }`).definitions[0].directives[0],
  field: parse(`type T { ${NODE_KEY}: ID! @inaccessible }`).definitions[0].fields[0],
  interface: parse(`"""${NODE_DESCRIPTION}"""\ninterface ${NODE} { "${ID_DESCRIPTION}" id: ID! }`).definitions[0],
  interfaceName: { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: NODE } },
};

/** The error of too many ids, in the form of the subgraphs' errors. */
function tooMany() {
  const message = `At most ${MAX_PAGE_SIZE} ids are allowed.`;
  const fields = [{ path: "ids", code: "TOO_MANY", message }];
  return new GraphQLError(message, { extensions: { code: "INVALID_INPUT", fields } });
}

/**
 * Makes the function that answers the router's own graph.
 *
 * @param {string} supergraph
 */
export function createNodes(supergraph) {
  const types = new Map();
  for (const each of parse(supergraph, { noLocation: true }).definitions) {
    const prefix = each.kind === Kind.OBJECT_TYPE_DEFINITION ? prefixOf(each) : undefined;
    if (prefix !== undefined) types.set(prefix, each.name.value);
  }
  const schema = buildSchema(schemaText([...types.values()]));

  function find(id) {
    const type = types.get(ID.exec(id)?.[1]);
    return type === undefined ? null : { __typename: type, [NODE_KEY]: id };
  }

  const rootValue = {
    node: ({ id }) => find(id),
    nodes: ({ ids }) => (ids.length > MAX_PAGE_SIZE ? tooMany() : ids.map(find)),
  };
  return ({ document, variables }) => execute({ schema, document, rootValue, variableValues: variables });
}
