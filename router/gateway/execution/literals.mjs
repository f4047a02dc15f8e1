/**
 * Takes out of an operation what the planner does not reproduce exactly: it reads numbers as 64 bits, and writes some
 * characters of texts as others. Such literals become values of variables, also where they are defaults.
 */
import {
  Kind,
  TypeInfo,
  getNamedType,
  getNullableType,
  isInputObjectType,
  isListType,
  parseType,
  typeFromAST,
  visit,
  visitWithTypeInfo,
} from "graphql";

const PLAIN_TEXT = /^[ !#-[\]-~]*$/;
const PLAIN_INTEGER = /^(?:0|-?[1-9]\d{0,14})$/;
const PLAIN_FRACTION = /^-?(?:0|[1-9]\d{0,8})\.\d{1,6}$/;

function isPlain({ kind, value, block }) {
  if (kind === Kind.STRING) return !block && PLAIN_TEXT.test(value);
  return (kind === Kind.INT ? PLAIN_INTEGER : PLAIN_FRACTION).test(value);
}

/** The JSON value of a literal. Its numbers keep their digits, because validation refuses others. */
function jsonOf(node, type) {
  const nullable = type && getNullableType(type);
  switch (node.kind) {
    case Kind.INT:
      return nullable && getNamedType(nullable).name === "ID" ? node.value : Number(node.value);
    case Kind.FLOAT:
      return Number(node.value);
    case Kind.NULL:
      return null;
    case Kind.LIST:
      return node.values.map((each) => jsonOf(each, isListType(nullable) ? nullable.ofType : type));
    case Kind.OBJECT: {
      const fields = isInputObjectType(nullable) ? nullable.getFields() : {};
      return Object.fromEntries(
        node.fields.map(({ name, value }) => [name.value, jsonOf(value, fields[name.value]?.type)]),
      );
    }
    default:
      return node.value;
  }
}

/** A default with plain literals in place of others. It is never used, but it lets the variable stand at non-null places. */
function plainDefault(node) {
  const replace = (literal) => {
    if (isPlain(literal)) return undefined;
    return literal.kind === Kind.STRING ? { kind: Kind.STRING, value: "" } : { kind: Kind.INT, value: "0" };
  };
  return visit(node, { StringValue: replace, IntValue: replace, FloatValue: replace });
}

/**
 * Replaces literals by variables.
 *
 * @param {import("graphql").GraphQLSchema} schema
 * @param {object} definition of an operation without fragments
 * @returns {{definition: object, values: Record<string, unknown>}} the operation, and the values of its variables where
 *   the client sends none
 */
export function extractLiterals(schema, definition) {
  const values = Object.create(null);
  const names = new Set(definition.variableDefinitions.map(({ variable }) => variable.name.value));
  const added = [];
  const types = new TypeInfo(schema);
  // Inside of a literal of a custom scalar, which has no types of its own.
  let scalar;

  function extract(node) {
    const type = types.getInputType() ?? scalar;
    if (isPlain(node) || type === undefined) return undefined;
    let name = `literal__${added.length}`;
    while (names.has(name)) name += "_";
    const variable = { kind: Kind.VARIABLE, name: { kind: Kind.NAME, value: name } };
    values[name] = jsonOf(node, type);
    added.push({ kind: Kind.VARIABLE_DEFINITION, variable, type: parseType(String(type)), directives: [] });
    return variable;
  }

  const extracted = visit(
    definition,
    visitWithTypeInfo(types, {
      VariableDefinition: () => false,
      Argument: () => void (scalar = undefined),
      ObjectValue() {
        const type = types.getInputType();
        if (type && !isInputObjectType(getNamedType(type))) scalar = getNamedType(type);
      },
      StringValue: extract,
      IntValue: extract,
      FloatValue: extract,
    }),
  );
  const variableDefinitions = definition.variableDefinitions.map((each) => {
    const plain = each.defaultValue && plainDefault(each.defaultValue);
    if (plain === each.defaultValue) return each;
    values[each.variable.name.value] = jsonOf(each.defaultValue, typeFromAST(schema, each.type));
    return { ...each, defaultValue: plain };
  });
  return { definition: { ...extracted, variableDefinitions: [...variableDefinitions, ...added] }, values };
}
