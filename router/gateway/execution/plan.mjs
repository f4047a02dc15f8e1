/**
 * Query plans: made by Hive's planner (`@graphql-hive/router-query-planner`, in Rust), and read once into what is
 * needed to run them.
 *
 * A plan is a tree. `Sequence` and `Parallel` run other nodes. `Fetch` asks a subgraph for root fields, and below
 * `Flatten` for fields of the entities at a path of the data. `BatchFetch` does that for several paths in one request.
 */
import { QueryPlanner } from "@graphql-hive/router-query-planner";
import { Kind, isAbstractType, parse } from "graphql";
import { NODE_KEY } from "../nodes.mjs";
import { Failure, MISSING } from "./values.mjs";

const NO_LABELS = new Set();
const REPRESENTATIONS = "representations";
const ENTITIES = "_entities";

function readDocument({ definitions }) {
  const named = definitions.filter(({ kind }) => kind === Kind.FRAGMENT_DEFINITION);
  return {
    operation: definitions.find(({ kind }) => kind === Kind.OPERATION_DEFINITION),
    fragments: new Map(named.map((each) => [each.name.value, each])),
  };
}

/** Refuses what the planner writes for features of federation that no subgraph uses. */
function refuseInputRewrites(rewrites) {
  if (rewrites?.length > 0) throw new Error(`unknown rewrites of a plan: ${JSON.stringify(rewrites)}`);
}

/** A fetch of root fields. */
class RootFetch {
  kind = "root";

  constructor(schema, { serviceName, operation, operationKind, variableUsages, outputRewrites }) {
    this.service = serviceName;
    this.operationType = operationKind ?? "query";
    this.document = parse(operation, { noLocation: true });
    this.text = operation;
    this.variables = variableUsages ?? [];
    this.renames = renamesOf(schema, outputRewrites);
    const { operation: root, fragments } = readDocument(this.document);
    this.names = [...new Set(namesFor(schema, root.selectionSet, fragments))];
  }
}

/** A fetch of fields of entities, by one or more selections of `_entities`. */
class EntityFetch {
  kind = "entities";

  constructor(schema, { serviceName, operation, variableUsages }, selections) {
    this.service = serviceName;
    this.operationType = "query";
    this.document = parse(operation, { noLocation: true });
    this.text = operation;
    this.variables = (variableUsages ?? []).filter((each) => selections.every(({ variable }) => each !== variable));
    const { operation: root, fragments } = readDocument(this.document);
    this.selections = selections.map(({ name, variable, paths, requires, outputRewrites }) => {
      const entities = root.selectionSet.selections.find((each) => (each.alias ?? each.name).value === name);
      return {
        name,
        variable,
        paths: paths.map((path) => path.map((each) => segmentOf(schema, each))),
        representationOf: (entity) => project(schema, requires, entity),
        fieldsOf: fieldsByType(schema, entities.selectionSet, fragments),
        renames: renamesOf(schema, outputRewrites),
      };
    });
  }
}

function segmentOf(schema, segment) {
  if (segment === "@") return { list: true };
  if ("Field" in segment) return { field: segment.Field };
  if ("TypeCondition" in segment) return { isFor: typeCheck(schema, segment.TypeCondition) };
  throw new Error(`unknown segment of a plan's path: ${JSON.stringify(segment)}`);
}

/** Reads the renames of a fetch. The planner has other rewrites for features of federation that no subgraph uses. */
function renamesOf(schema, rewrites = []) {
  return rewrites.map((rewrite) => {
    if (!("KeyRenamer" in rewrite)) throw new Error(`unknown rewrite of a plan: ${JSON.stringify(rewrite)}`);
    const { path, renameKeyTo } = rewrite.KeyRenamer;
    const steps = path.map((each) => {
      return "Key" in each ? { key: each.Key } : { isFor: typeCheck(schema, each.TypenameEquals) };
    });
    return { path: steps, name: renameKeyTo };
  });
}

function typeCheck(schema, conditions) {
  return (typeName) => conditions.some((each) => satisfies(schema, typeName, each));
}

function satisfies(schema, typeName, condition) {
  if (typeName === condition) return true;
  const [type, conditional] = [schema.getType(typeName), schema.getType(condition)];
  return Boolean(type) && isAbstractType(conditional) && schema.isSubType(conditional, type);
}

/** The representation of an entity; undefined when a field that it needs is absent, or no selection is for its type. */
function project(schema, selections, entity) {
  const representation = { __typename: entity.__typename };
  return addRequired(schema, selections, entity, representation) ? representation : undefined;
}

function addRequired(schema, selections, entity, representation) {
  let isForType = false;
  for (const each of selections) {
    if (each.kind === "InlineFragment") {
      if (!satisfies(schema, entity.__typename, each.typeCondition)) continue;
      if (!addRequired(schema, each.selections, entity, representation)) return false;
      isForType = true;
    } else if (each.kind === "Field") {
      const value = each.selections ? projectValue(schema, each.selections, entity[each.name]) : entity[each.name];
      if (value === undefined || value === null || value === MISSING || value instanceof Failure) return false;
      representation[each.name === NODE_KEY ? "id" : (each.alias ?? each.name)] = value;
      isForType = true;
    } else {
      throw new Error(`unknown selection of a representation: ${JSON.stringify(each)}`);
    }
  }
  return isForType;
}

function projectValue(schema, selections, value) {
  if (Array.isArray(value)) return value.map((each) => projectValue(schema, selections, each));
  return value && project(schema, selections, value);
}

/** Makes the function that lists what a selection of `_entities` selects of a type. */
function fieldsByType(schema, selectionSet, fragments) {
  const known = new Map();
  return (typeName) => {
    if (!known.has(typeName)) known.set(typeName, [...new Set(namesFor(schema, selectionSet, fragments, typeName))]);
    return known.get(typeName);
  };
}

/** The response names of a selection for a type; without a type, all of them. The planner names repeated selections. */
function namesFor(schema, { selections }, fragments, typeName) {
  return selections.flatMap((each) => {
    if (each.kind === Kind.FIELD) return [(each.alias ?? each.name).value];
    const fragment = each.kind === Kind.FRAGMENT_SPREAD ? fragments.get(each.name.value) : each;
    const condition = fragment.typeCondition?.name.value;
    const isLeftOut = typeName !== undefined && condition && !satisfies(schema, typeName, condition);
    return isLeftOut ? [] : namesFor(schema, fragment.selectionSet, fragments, typeName);
  });
}

function read(schema, node) {
  switch (node.kind) {
    case "Sequence":
    case "Parallel":
      return { kind: node.kind.toLowerCase(), nodes: node.nodes.map((each) => read(schema, each)) };
    case "Fetch":
      return new RootFetch(schema, node);
    case "Flatten": {
      const { path, node: fetch } = node;
      const { requires, inputRewrites, outputRewrites } = fetch;
      refuseInputRewrites(inputRewrites);
      const selection = { name: ENTITIES, variable: REPRESENTATIONS, paths: [path], requires, outputRewrites };
      return new EntityFetch(schema, fetch, [selection]);
    }
    case "BatchFetch": {
      const selections = node.entityBatch.aliases.map(({ alias, representationsVariableName, ...rest }) => {
        refuseInputRewrites(rest.inputRewrites);
        return { name: alias, variable: representationsVariableName, ...rest };
      });
      return new EntityFetch(schema, node, selections);
    }
    default:
      throw new Error(`unknown node of a plan: ${node.kind}`);
  }
}

/**
 * Makes the function that plans operations. The plan of a subscription has the fetch that subscribes, and the rest, which
 * is run for each event.
 *
 * @param {string} supergraph
 * @param {import("graphql").GraphQLSchema} schema that clients see
 * @returns {(text: string) => object} plans an operation without conditions and named fragments
 */
export function createPlanner(supergraph, schema) {
  const planner = new QueryPlanner(supergraph);
  return (text) => {
    const { node } = planner.plan(text, null, NO_LABELS, 0);
    const [first, ...rest] = node.kind === "Sequence" ? node.nodes : [node];
    if (first.kind !== "Subscription") return read(schema, node);
    return {
      kind: "subscription",
      fetch: new RootFetch(schema, { ...first.primary, operationKind: "subscription" }),
      rest: rest.length > 0 ? read(schema, { kind: "Sequence", nodes: rest }) : undefined,
    };
  };
}
