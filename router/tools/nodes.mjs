/** Adds the router's own graph (`gateway/nodes.mjs`) to the subgraphs that are composed. */
import { Kind, visit } from "graphql";
import { OWNERS_PART, ROUTER_GRAPH, prefixOf, routerGraph } from "../gateway/nodes.mjs";

const INACCESSIBLE = { kind: Kind.STRING, value: "@inaccessible" };

function isOwned(definition) {
  return definition.kind === Kind.OBJECT_TYPE_DEFINITION && prefixOf(definition) !== undefined;
}

/** The link to the specification of federation, which imports what the owner's part needs. */
function withImport(directive) {
  if (directive.name.value !== "link") return undefined;
  return visit(directive, {
    Argument(node) {
      if (node.name.value !== "import" || node.value.values.some(({ value }) => value === INACCESSIBLE.value)) return false;
      return { ...node, value: { ...node.value, values: [...node.value.values, INACCESSIBLE] } };
    },
  });
}

/** An owner's schema, in which its tagged types are nodes. */
function withNodes(typeDefs) {
  const { directive, field, interface: node, interfaceName } = OWNERS_PART;
  const owned = visit(typeDefs, {
    Directive: withImport,
    ObjectTypeDefinition(definition) {
      if (!isOwned(definition)) return undefined;
      return {
        ...definition,
        interfaces: [...(definition.interfaces ?? []), interfaceName],
        directives: [...definition.directives, directive],
        fields: [...definition.fields, field],
      };
    },
  });
  return { ...owned, definitions: [...owned.definitions, node] };
}

/**
 * Adds the router's graph.
 *
 * @param {{name: string, url: string, typeDefs: object}[]} services
 */
export function addNodes(services) {
  const names = services.flatMap(({ typeDefs }) => typeDefs.definitions.filter(isOwned).map(({ name }) => name.value));
  if (names.length === 0) return services;
  const changed = services.map((each) => {
    return each.typeDefs.definitions.some(isOwned) ? { ...each, typeDefs: withNodes(each.typeDefs) } : each;
  });
  return [...changed, { name: ROUTER_GRAPH, url: "", typeDefs: routerGraph(names.sort()) }];
}
