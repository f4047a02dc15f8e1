/**
 * What stands in merged data in place of a value: the errors of a subgraph, or the absence of an entity. Each is found
 * there when the response is completed, so an error gets the path at which the client sees it.
 */

/** The errors that left one place of a response without a value. */
export class Failure {
  /** @type {{error: import("graphql").GraphQLError, below: (string | number)[]}[]} the path goes on with `below` */
  causes = [];

  /** Adds an error. Returns the failure. */
  add(error, below = []) {
    this.causes.push({ error, below });
    return this;
  }
}

/** The value of each field of an entity that its subgraph does not have, or does not show to this client. */
export const MISSING = Symbol("missing entity");

export function isObject(value) {
  return typeof value === "object" && value !== null && !(value instanceof Failure);
}

/** Puts an error into data where its path meets null. Returns false if the path leads past the data. */
export function placeError(data, path, error) {
  let current = data;
  for (const [at, step] of path.entries()) {
    if (!isObject(current) || !Object.hasOwn(current, step)) return false;
    if (current[step] === null) current[step] = new Failure();
    if (current[step] instanceof Failure) {
      current[step].add(error, path.slice(at + 1));
      return true;
    }
    current = current[step];
  }
  return false;
}

/** Copies data, so that it can be merged into at several places. */
export function copy(value) {
  if (!isObject(value)) return value;
  if (Array.isArray(value)) return value.map(copy);
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, copy(each)]));
}

/** Adds the fields of one object to another. A field that both have is merged; a value is never replaced by an error. */
export function mergeInto(target, source) {
  for (const [name, value] of Object.entries(source)) {
    const present = target[name];
    if (isObject(present) && isObject(value)) mergeInto(present, value);
    else if (present === undefined || present === null || present === MISSING) target[name] = value;
  }
}
