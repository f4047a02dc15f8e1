/**
 * Completes the response of an operation from merged data, by the specification's `CompleteValue` and its rules on
 * errors (https://spec.graphql.org/September2025/#sec-Handling-Execution-Errors): the fields in the order of the
 * document, each error at its path, and null instead of the nearest nullable place around it.
 */
import { GraphQLError, getNullableType, isAbstractType, isEnumType, isLeafType, isListType, isNonNullType } from "graphql";
import { ReportedError } from "../log.mjs";
import { NODE } from "../nodes.mjs";
import { Failure, MISSING, isObject } from "./values.mjs";

/** The result of a place that has no value and whose error is recorded. */
const FAILED = Symbol("failed");
const KEY = "id";
const NOT_FOUND = { message: "This does not exist, or is not for you to see.", code: "NOT_FOUND" };

const SCALAR_CHECKS = {
  Boolean: (value) => typeof value === "boolean",
  Float: (value) => Number.isFinite(value),
  ID: (value) => typeof value === "string" || Number.isInteger(value),
  Int: (value) => Number.isInteger(value),
  String: (value) => typeof value === "string",
};

/** A place of the response, linked to the one around it, and the field that it is in. */
class Place {
  constructor(around, step, field) {
    this.around = around;
    this.step = step;
    this.field = field ?? around.field;
  }

  /** @returns {(string | number)[]} */
  static path(place) {
    const steps = [];
    for (let current = place; current !== undefined; current = current.around) steps.push(current.step);
    return steps.reverse();
  }
}

/** Whether a subgraph's value may stand for a scalar or an enumeration. Other scalars are the subgraphs' own matter. */
function isLeafValue(type, value) {
  if (isEnumType(type)) return type.getValue(value) !== undefined;
  const check = SCALAR_CHECKS[type.name];
  return check === undefined || check(value);
}

class Completion {
  #schema;
  #introspected;
  errors = [];

  constructor(schema, introspected) {
    this.#schema = schema;
    this.#introspected = introspected;
  }

  /** Completes the fields of an object. Returns the object, or FAILED when a non-null field has no value. */
  object(type, data, selection, place) {
    // A client may name a field `__proto__`.
    const completed = Object.create(null);
    let hasFailed = false;
    for (const field of selection.fieldsOf(type)) {
      const value = this.#field(type, data, field, new Place(place, field.responseName, `${type.name}.${field.name}`));
      if (value === FAILED && isNonNullType(field.type)) hasFailed = true;
      completed[field.responseName] = value === FAILED ? null : value;
    }
    return hasFailed ? FAILED : completed;
  }

  #field(parent, data, field, place) {
    if (field.denial) return this.#fail(place, field.denial);
    if (field.name === "__typename") return parent.name;
    if (field.type === undefined) return this.#introspected[field.responseName];
    const value = data[field.sourceName];
    // What an owner was not asked for without the key fails as the key did.
    const isWithoutKey = value === undefined && data[KEY] instanceof Failure;
    return this.#value(field.type, isWithoutKey ? data[KEY] : value, field.selection, place);
  }

  #value(type, value, selection, place) {
    if (value instanceof Failure) return this.#failure(value, selection, getNullableType(type), place);
    if (isNonNullType(type)) {
      if (value === MISSING) return this.#fail(place, NOT_FOUND);
      if (value === null) return this.#fault(place, "null in a non-null place");
      return this.#value(type.ofType, value, selection, place);
    }
    if (value === null || value === MISSING) return null;
    if (value === undefined) return this.#fault(place, "nothing");
    if (isListType(type)) return this.#list(type.ofType, value, selection, place);
    if (isLeafType(type)) {
      return isLeafValue(type, value) ? value : this.#fault(place, `what is no ${type.name}`);
    }
    const objectType = isObject(value) ? this.#objectType(type, value) : undefined;
    if (objectType === undefined) return this.#fault(place, `what is no ${type.name}`);
    // The owner does not have it, or does not show it.
    if (type.name === NODE && value[KEY] === MISSING) return null;
    return this.object(objectType, value, selection, place);
  }

  #list(type, values, selection, place) {
    if (!Array.isArray(values)) return this.#fault(place, "what is no list");
    let hasFailed = false;
    const completed = values.map((each, index) => {
      const value = this.#value(type, each, selection, new Place(place, index));
      if (value === FAILED && isNonNullType(type)) hasFailed = true;
      return value === FAILED ? null : value;
    });
    return hasFailed ? FAILED : completed;
  }

  #objectType(type, value) {
    if (!isAbstractType(type)) return Array.isArray(value) ? undefined : type;
    const found = typeof value.__typename === "string" ? this.#schema.getType(value.__typename) : undefined;
    return found && this.#schema.isSubType(type, found) ? found : undefined;
  }

  /** Records an error that clients may read. */
  #fail(place, { message, code }) {
    this.errors.push(new GraphQLError(message, { path: Place.path(place), extensions: { code } }));
    return FAILED;
  }

  /** Records a fault of a subgraph or of the merge, which is logged, and masked for the client. */
  #fault(place, found) {
    const originalError = new ReportedError(`${place.field}: the subgraphs answered ${found}`);
    this.errors.push(new GraphQLError(originalError.message, { path: Place.path(place), originalError }));
    return FAILED;
  }

  #failure({ causes }, selection, type, place) {
    for (const { error, below } of causes) {
      const path = [...Place.path(place), ...responsePath(this.#schema, below, selection, type)];
      this.errors.push(new GraphQLError(error.message, { path, extensions: error.extensions }));
    }
    return FAILED;
  }
}

/** Translates the rest of an error's path, in the names that subgraphs were asked for, into response names. */
function responsePath(schema, below, selection, type) {
  let current = selection;
  let around = type;
  return below.map((step) => {
    while (isListType(around) || isNonNullType(around)) around = around.ofType;
    if (typeof step === "number" || current === undefined) return step;
    const types = isAbstractType(around) ? schema.getPossibleTypes(around) : [around];
    const fields = types.flatMap((each) => current.fieldsOf(each));
    const field = fields.find((each) => each.sourceName === step);
    current = field?.selection;
    around = field?.type;
    return field?.responseName ?? step;
  });
}

/**
 * Completes a response.
 *
 * @param {import("graphql").GraphQLSchema} schema
 * @param {import("./operation.mjs").Operation} operation
 * @param {object} data the merged data of the subgraphs
 * @param {object} [introspected] the values of the introspection fields
 * @returns {{data: object | null, errors?: GraphQLError[]}}
 */
export function complete(schema, { rootType, selection }, data, introspected) {
  const completion = new Completion(schema, introspected);
  const completed = completion.object(rootType, data, selection, undefined);
  const result = { data: completed === FAILED ? null : completed };
  return completion.errors.length === 0 ? result : { ...result, errors: completion.errors };
}
