/**
 * Checks variables before anything runs, also where the specification leaves an error to the execution of a field: a
 * null where an argument or an input field must not be null but has a default
 * (https://spec.graphql.org/September2025/#sec-Coercing-Field-Arguments).
 */
import {
  GraphQLError,
  TypeInfo,
  getOperationAST,
  getVariableValues,
  isNonNullType,
  typeFromAST,
  visit,
  visitWithTypeInfo,
} from "graphql";
import { findNullArgument } from "./null-arguments.mjs";

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

/** The variables of an operation that may be null, though they stand where null is not allowed. */
function nullableVariables(schema, document, { variableDefinitions }) {
  const nonNull = namesInNonNullPlaces(schema, document);
  return variableDefinitions.filter(({ variable, type }) => {
    return !isNonNullType(typeFromAST(schema, type)) && nonNull.has(variable.name.value);
  });
}

function isNull({ variable, defaultValue }, variables) {
  const name = variable.name.value;
  return Object.hasOwn(variables, name) ? variables[name] === null : defaultValue?.kind === "NullValue";
}

function invalidInput({ message, nodes }) {
  return new GraphQLError(message, { nodes, extensions: { code: "BAD_USER_INPUT" } });
}

/** Checks the variables of operations. What there is to check is found once for each document. */
export function useVariableChecks() {
  const found = new WeakMap();

  function nullableOf(schema, document, operation) {
    const known = found.get(operation);
    if (known?.schema === schema) return known.nullable;
    const nullable = nullableVariables(schema, document, operation);
    found.set(operation, { schema, nullable });
    return nullable;
  }

  function check({ args: { schema, document, operationName, variableValues }, setResultAndStopExecution }) {
    const operation = getOperationAST(document, operationName);
    if (!operation?.variableDefinitions?.length) return;
    const variables = variableValues ?? {};
    const { errors } = getVariableValues(schema, operation.variableDefinitions, variables, { maxErrors: 10 });
    if (errors) {
      setResultAndStopExecution({ errors: errors.map(invalidInput) });
      return;
    }
    const nullable = nullableOf(schema, document, operation);
    const nulls = nullable.filter((each) => isNull(each, variables)).map(({ variable }) => variable.name.value);
    const error = nulls.length > 0 && findNullArgument(schema, document, operation, variables, new Set(nulls));
    if (error) setResultAndStopExecution({ errors: [error] });
  }

  return { onExecute: check, onSubscribe: check };
}
