/**
 * Checks variables before anything runs, as far as the engine would find an error only while it executes: values of
 * scalars with a grammar, and a null where an argument or an input field must not be null but has a default
 * (https://spec.graphql.org/September2025/#sec-Coercing-Field-Arguments). The engine checks the rest by itself.
 */
import {
  GraphQLError,
  TypeInfo,
  getNamedType,
  getNullableType,
  getOperationAST,
  isInputObjectType,
  isListType,
  isNonNullType,
  isScalarType,
  typeFromAST,
  visit,
  visitWithTypeInfo,
} from "graphql";
import { findNullArgument } from "./null-arguments.mjs";
import { hasGrammar, violation } from "./scalars.mjs";

const MAX_ERRORS = 10;

function holdsGrammar(type, visited = new Set()) {
  const named = getNamedType(type);
  if (isScalarType(named)) return hasGrammar(named);
  if (!isInputObjectType(named) || visited.has(named)) return false;
  visited.add(named);
  return Object.values(named.getFields()).some((field) => holdsGrammar(field.type, visited));
}

/** The wrong scalars in a value, as `[path, message]`; values of another shape are left to the engine. */
function* scalarViolations(value, type, path) {
  const nullable = getNullableType(type);
  if (value === null || value === undefined) return;
  if (isListType(nullable)) {
    const items = Array.isArray(value) ? value.entries() : [[undefined, value]];
    for (const [index, item] of items) {
      yield* scalarViolations(item, nullable.ofType, index === undefined ? path : `${path}[${index}]`);
    }
  } else if (isInputObjectType(nullable)) {
    if (typeof value !== "object") return;
    for (const { name, type: fieldType } of Object.values(nullable.getFields())) {
      if (Object.hasOwn(value, name)) yield* scalarViolations(value[name], fieldType, `${path}.${name}`);
    }
  } else if (isScalarType(nullable) && hasGrammar(nullable)) {
    const message = violation(nullable, value);
    if (message !== undefined) yield [path, message];
  }
}

/** The names of variables that stand where null is not allowed. */
function namesInNonNullPlaces(schema, document) {
  const names = new Set();
  const types = new TypeInfo(schema);
  visit(
    document,
    visitWithTypeInfo(types, {
      VariableDefinition: () => false,
      Variable({ name }) {
        if (isNonNullType(types.getInputType())) names.add(name.value);
      },
    }),
  );
  return names;
}

/** What is to be checked of an operation. */
function createPlan(schema, document, operation) {
  const nonNull = namesInNonNullPlaces(schema, document);
  const typed = [];
  const nullable = [];
  for (const definition of operation.variableDefinitions ?? []) {
    const name = definition.variable.name.value;
    const type = typeFromAST(schema, definition.type);
    if (holdsGrammar(type)) typed.push({ name, type, node: definition });
    if (!isNonNullType(type) && nonNull.has(name)) nullable.push(definition);
  }
  return { typed, nullable };
}

function isNull({ variable, defaultValue }, variables) {
  const name = variable.name.value;
  return Object.hasOwn(variables, name) ? variables[name] === null : defaultValue?.kind === "NullValue";
}

function scalarErrors(typed, variables) {
  const errors = [];
  for (const { name, type, node } of typed) {
    for (const [path, message] of scalarViolations(variables[name], type, name)) {
      const place = path === name ? "" : ` at "${path}"`;
      const text = `Variable "$${name}" got an invalid value${place}: ${message}`;
      errors.push(new GraphQLError(text, { nodes: node, extensions: { code: "BAD_USER_INPUT" } }));
      if (errors.length === MAX_ERRORS) return errors;
    }
  }
  return errors;
}

/** Checks the variables of operations. What there is to check is found once for each document. */
export function useVariableChecks() {
  const plans = new WeakMap();

  function planOf(schema, document, operation) {
    const known = plans.get(operation);
    if (known?.schema === schema) return known.plan;
    const plan = createPlan(schema, document, operation);
    plans.set(operation, { schema, plan });
    return plan;
  }

  function check({ args: { schema, document, operationName, variableValues }, setResultAndStopExecution }) {
    const operation = getOperationAST(document, operationName);
    if (!operation?.variableDefinitions?.length) return;
    const { typed, nullable } = planOf(schema, document, operation);
    const variables = variableValues ?? {};
    const errors = scalarErrors(typed, variables);
    const nulls = nullable.filter((each) => isNull(each, variables)).map(({ variable }) => variable.name.value);
    if (errors.length === 0 && nulls.length > 0) {
      const error = findNullArgument(schema, document, operation, variables, new Set(nulls));
      if (error) errors.push(error);
    }
    if (errors.length > 0) setResultAndStopExecution({ errors });
  }

  return { onExecute: check, onSubscribe: check };
}
