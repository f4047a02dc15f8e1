/**
 * Prepares operations for execution, and keeps them: one for each document, its conditions, and what is denied to the
 * client. What is used least recently goes first, whichever document it is of, so that a document with many conditions
 * takes no more memory than others.
 */
import { GraphQLError, isNonNullType } from "graphql";
import { Operation, conditionVariables } from "./operation.mjs";

const MAX_PREPARED = 500;

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
 */
export function createPreparation(schema, plan, accessOf) {
  const documents = new WeakMap();
  const kept = new Map();
  let numbered = 0;

  function describe(document) {
    if (!documents.has(document)) {
      numbered += 1;
      documents.set(document, { number: numbered, names: conditionVariables(document), access: accessOf(document) });
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
    const { number, names, access } = describe(document);
    const conditions = Object.fromEntries(names.map((name) => [name, variables[name]]));
    const { key: denied, denialOf } = access(viewer, node.operation);
    const key = JSON.stringify([number, node.name?.value, conditions, denied]);
    let prepared = kept.get(key);
    if (prepared === undefined) {
      prepared = new PreparedOperation(plan, new Operation(schema, document, node, conditions, denialOf));
      if (kept.size >= MAX_PREPARED) kept.delete(kept.keys().next().value);
    } else {
      kept.delete(key);
    }
    kept.set(key, prepared);
    return prepared;
  };
}
