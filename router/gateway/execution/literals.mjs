/**
 * Literals in the form that the planner reads as it should. It refuses integers beyond 64 bits, which an ID may be, and
 * numbers such as `0e999`, and reads `\b` as another character.
 */
import { Kind, getNamedType, getNullableType, isInputObjectType, isListType } from "graphql";

const INTEGER = /^-?\d{1,16}$/;
const ESCAPE = /\\[^]/g;

/**
 * The same value for the planner.
 *
 * @param {object} node of a value
 * @param {import("graphql").GraphQLInputType} [type] of the place; undefined inside a custom scalar
 */
export function plannedValue(node, type) {
  const inner = type && getNullableType(type);
  switch (node.kind) {
    case Kind.INT:
    case Kind.FLOAT:
      return inner && getNamedType(inner).name === "ID" ? { kind: Kind.STRING, value: node.value } : number(node);
    case Kind.STRING:
      return { kind: Kind.STRING, value: node.value };
    case Kind.LIST: {
      const itemType = isListType(inner) ? inner.ofType : undefined;
      return { kind: Kind.LIST, values: node.values.map((each) => plannedValue(each, itemType)) };
    }
    case Kind.OBJECT: {
      const named = inner && getNamedType(inner);
      const fields = isInputObjectType(named) ? named.getFields() : {};
      return { kind: Kind.OBJECT, fields: node.fields.map((each) => plannedField(each, fields)) };
    }
    default:
      return node;
  }
}

function plannedField({ kind, name, value }, fields) {
  return { kind, name, value: plannedValue(value, fields[name.value]?.type) };
}

function number({ value }) {
  const shortest = String(Number(value));
  if (INTEGER.test(shortest)) return { kind: Kind.INT, value: shortest };
  return { kind: Kind.FLOAT, value: /[.e]/.test(shortest) ? shortest : Number(value).toExponential() };
}

/** The same document for the planner, from one that was printed without block strings. */
export function plannedText(document) {
  return document.replace(ESCAPE, (escape) => (escape === "\\b" ? "\\u0008" : escape));
}
