/**
 * Estimates the cost of an operation before it runs: the number of objects that it may return, and 10 for each change.
 *
 * An object costs 1, a scalar nothing. A selection below a list counts once for each member: for a page of a
 * connection, or a delta, its `first` or `last` (default: 20), for a list by `ids` their number, for any other list 5. A root field costs at
 * least 1, at least 10 in a mutation or subscription. What a condition excludes costs nothing. The subgraphs estimate the same
 * (`shared/graph/execution/cost.py`).
 */
import { getNamedType, getNullableType, isLeafType, isListType, valueFromASTUntyped } from "graphql";
import sharedLimits from "../../shared/limits.json" with { type: "json" };
import { isIncluded } from "./conditions.mjs";

const DEFAULT_PAGE_SIZE = sharedLimits.cost.defaultPage;
export const MAX_PAGE_SIZE = sharedLimits.cost.largestPage;
const UNPAGED_LIST_SIZE = sharedLimits.cost.unpagedList;
const CHANGE_COST = sharedLimits.cost.change;
export const PAGED_FIELDS = ["nodes", "edges"];
export const PAGES = /(Connection|Delta)$/;
const FREE_FIELDS = ["edges", "pageInfo"];

/** The page size to count. A size that is out of range counts as 1, because the subgraph rejects it. */
function countedPageSize(value) {
  return value >= 1 && value <= MAX_PAGE_SIZE ? value : 1;
}

/** The number of ids to count, 1 for what is no list. A list that is too long is rejected, and a number stands for one. */
function countedIds(ids) {
  return countedPageSize(Array.isArray(ids) ? ids.length : ids);
}

class CostEstimator {
  #schema;
  #fragments;
  #variables;

  constructor(schema, document, variables) {
    this.#schema = schema;
    this.#variables = variables;
    const fragments = document.definitions.filter((each) => each.kind === "FragmentDefinition");
    this.#fragments = new Map(fragments.map((each) => [each.name.value, each]));
  }

  selectionSetCost(selections, parent, page, visitedFragments, minimum = 0) {
    let cost = 0;
    for (const selection of selections?.selections ?? []) {
      // A condition without a value counts as true, because it is rejected later.
      if (!isIncluded(selection, (value) => valueFromASTUntyped(value, this.#variables))) continue;
      if (selection.kind === "Field") {
        cost += this.#field(selection, parent, page, visitedFragments, minimum);
        continue;
      }
      let fragment = selection;
      let inside = visitedFragments;
      if (selection.kind === "FragmentSpread") {
        const name = selection.name.value;
        fragment = this.#fragments.get(name);
        if (fragment === undefined || visitedFragments.includes(name)) continue;
        inside = [...visitedFragments, name];
      }
      const condition = fragment.typeCondition;
      const kind = condition ? this.#schema.getType(condition.name.value) : parent;
      cost += this.selectionSetCost(fragment.selectionSet, kind, page, inside, minimum);
    }
    return cost;
  }

  #field(node, parent, page, visitedFragments, minimum) {
    const name = node.name.value;
    const definition = parent?.getFields?.()[name];
    if (definition === undefined) return name.startsWith("__") ? minimum : 0;
    const kind = getNamedType(definition.type);
    if (isLeafType(kind)) return minimum;
    let inner = 1;
    let members = 1;
    if (PAGES.test(kind.name)) inner = this.#page(node);
    else if (PAGED_FIELDS.includes(name) && PAGES.test(parent.name)) members = page;
    else if (isListType(getNullableType(definition.type))) {
      members = this.#listSize(node, definition);
    }
    const own = Math.max(FREE_FIELDS.includes(name) ? 0 : 1, minimum);
    return members * (own + this.selectionSetCost(node.selectionSet, kind, inner, visitedFragments));
  }

  #listSize(node, { args }) {
    if (args.some((each) => each.name === "first")) return this.#page(node);
    const ids = node.arguments?.find((each) => each.name.value === "ids");
    return ids === undefined ? UNPAGED_LIST_SIZE : countedIds(valueFromASTUntyped(ids.value, this.#variables));
  }

  #page(node) {
    const sizes = (node.arguments ?? [])
      .filter((each) => ["first", "last"].includes(each.name.value))
      .map((each) => valueFromASTUntyped(each.value, this.#variables))
      .filter((size) => size !== null && size !== undefined);
    return sizes.length === 0 ? DEFAULT_PAGE_SIZE : Math.max(...sizes.map(countedPageSize));
  }
}

/**
 * Estimates the cost of one operation.
 *
 * @param {object} schema
 * @param {object} document a valid document whose size was checked
 * @param {object} operation the operation of the document that runs
 * @param {object} variables as the client sent them
 */
export function estimateCost(schema, document, operation, variables) {
  const defaults = (operation.variableDefinitions ?? [])
    .filter((each) => each.defaultValue)
    .map((each) => [each.variable.name.value, valueFromASTUntyped(each.defaultValue)]);
  const estimator = new CostEstimator(schema, document, { ...Object.fromEntries(defaults), ...variables });
  const minimum = operation.operation === "query" ? 1 : CHANGE_COST;
  return estimator.selectionSetCost(operation.selectionSet, schema.getRootType(operation.operation), 1, [], minimum);
}
