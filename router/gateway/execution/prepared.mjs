/**
 * Prepares operations for execution, and keeps them: one for each document, its conditions, and what is denied to the
 * client. All are kept within a number of bytes, whichever document they are of, so that a document with many conditions
 * takes no more memory than others.
 */
import { GraphQLError, isNonNullType } from "graphql";
import sharedLimits from "../../../shared/limits.json" with { type: "json" };
import { BoundedCache, nodesOf } from "../bounded-cache.mjs";
import { Operation, conditionVariables } from "./operation.mjs";

/** Measured, and rounded up: a node of the document or of the plan, with what completion keeps for it. */
const NODE_BYTES = 400;

function nodesOfPlan({ document, nodes = [], fetch, rest } = {}) {
  const children = [...nodes, fetch, rest].filter((each) => each !== undefined);
  return children.reduce((sum, each) => sum + nodesOfPlan(each), document ? nodesOf(document) : 0);
}

/** An operation with its plan. */
class PreparedOperation {
  constructor(plan, operation) {
    const planned = operation.planned();
    this.operation = operation;
    this.plan = planned && plan(planned.text);
    this.values = planned?.values;
    this.introspection = operation.introspection();
    this.refusal = refusalOf(operation);
  }
}

/** The result of an operation that is refused whole: a field of its root is denied that must not be null. */
function refusalOf({ selection, rootType }) {
  const refused = selection.fieldsOf(rootType).find((each) => each.denial && isNonNullType(each.type));
  if (refused === undefined) return undefined;
  const { message, code } = refused.denial;
  return { data: null, errors: [new GraphQLError(message, { path: [refused.responseName], extensions: { code } })] };
}

/**
 * Makes the function that prepares operations.
 *
 * @param {import("graphql").GraphQLSchema} schema that clients see
 * @param {(text: string) => object} plan
 * @param {ReturnType<import("../access.mjs").createAccessPolicy>} accessOf
 * @param {number} maximum bytes that are kept
 */
export function createPreparation(schema, plan, accessOf, maximum = sharedLimits.keptDocuments.preparedBytes) {
  const documents = new WeakMap();
  const kept = new BoundedCache(maximum);
  let numbered = 0;

  function describe(document) {
    if (!documents.has(document)) {
      numbered += 1;
      const described = { number: numbered, names: conditionVariables(document), access: accessOf(document) };
      documents.set(document, { ...described, nodes: nodesOf(document) });
    }
    return documents.get(document);
  }

  /**
   * @param {object} document
   * @param {object} node the operation's definition
   * @param {Record<string, unknown>} variables with their defaults
   * @param {object} viewer
   * @returns {PreparedOperation}
   */
  return function prepare(document, node, variables, viewer) {
    const { number, names, access, nodes } = describe(document);
    const conditions = Object.fromEntries(names.map((name) => [name, variables[name]]));
    const { key: denied, denialOf } = access(viewer, node.operation);
    const key = JSON.stringify([number, node.name?.value, conditions, denied]);
    let prepared = kept.get(key);
    if (prepared === undefined) {
      prepared = new PreparedOperation(plan, new Operation(schema, document, node, conditions, denialOf));
      kept.set(key, prepared, (nodes + nodesOfPlan(prepared.plan)) * NODE_BYTES);
    }
    return prepared;
  };
}
