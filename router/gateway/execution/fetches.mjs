/**
 * Runs a query plan: fetches from subgraphs and merges what they answer. Errors stand in the merged data where they
 * belong (`values.mjs`), so that several places of the response may show one error of an entity, each at its own path.
 */
import { unavailableResult } from "../errors.mjs";
import { Failure, MISSING, copy, isObject, mergeInto, placeError } from "./values.mjs";

/** The state of one execution of a plan. */
export class Execution {
  #call;
  #variables;
  #context;
  data = {};

  /** Errors whose path leads to no null: they are told without a place. */
  unplaced = [];

  /**
   * @param {(service: string, request: object) => Promise<object>} call sends an operation to a subgraph
   * @param {Record<string, unknown>} variables as the client sent them, or their defaults
   * @param {object} context of the client's operation
   */
  constructor(call, variables, context) {
    this.#call = call;
    this.#variables = variables;
    this.#context = context;
  }

  /** Runs a node of the plan. */
  async run(node) {
    switch (node.kind) {
      case "sequence":
        for (const each of node.nodes) await this.run(each);
        break;
      case "parallel":
        await Promise.all(node.nodes.map((each) => this.run(each)));
        break;
      case "root":
        this.addRoot(node, await this.#send(node, {}));
        break;
      case "entities":
        await this.#fetchEntities(node);
        break;
      default:
        throw new Error(`a plan cannot be run at ${node.kind}`);
    }
  }

  /** Starts a subscription. Returns its results, or one result with the errors that refuse it. */
  subscribe(fetch) {
    return this.#send(fetch, {});
  }

  /** Merges the answer to a fetch of root fields. */
  addRoot({ service, names, renames }, { data, errors = [] }) {
    const found = isObject(data) ? data : Object.fromEntries(names.map((name) => [name, null]));
    for (const error of errors) {
      if (error.path?.length > 0) {
        if (!placeError(found, error.path, error)) this.unplaced.push(error);
      } else {
        for (const name of names) placeError(found, [name], error);
      }
    }
    if (data === null) {
      // One field was null in a non-null place, which left the others without a value of their own.
      for (const name of names) found[name] ??= new Failure();
    }
    const absent = names.filter((name) => found[name] === undefined);
    if (absent.length > 0) {
      const [error] = this.invalid(service).errors;
      for (const name of absent) found[name] = new Failure().add(error);
    }
    rename(found, renames);
    mergeInto(this.data, found);
  }

  /** The result of a subgraph whose response has not the shape of its schema. */
  invalid(service) {
    return unavailableResult(service, { code: "INVALID_RESPONSE" }, this.#context.request);
  }

  async #send({ service, document, text, operationType, variables }, representations) {
    const given = Object.assign(Object.create(null), representations);
    for (const name of variables) if (Object.hasOwn(this.#variables, name)) given[name] = this.#variables[name];
    const context = this.#context;
    try {
      return await this.#call(service, { document, text, operationType, variables: given, context });
    } catch (error) {
      return unavailableResult(service, error, context.request);
    }
  }

  async #fetchEntities(node) {
    const requested = node.selections.map((each) => new Entities(each, this.data));
    const representations = {};
    for (const [at, { representations: all }] of requested.entries()) {
      const { variable } = node.selections[at];
      for (const each of all) (representations[variable] ??= []).push(each);
    }
    if (requested.every((each) => each.representations.length === 0)) return;
    for (const { variable } of node.selections) representations[variable] ??= [];
    const { data, errors = [] } = await this.#send(node, representations);
    for (const each of requested) each.merge(data, errors, this, node.service);
  }
}

/** The entities that one selection of `_entities` is for, each of them once, with the objects that they complete. */
class Entities {
  #selection;
  #targets = new Map();

  constructor(selection, data) {
    this.#selection = selection;
    for (const path of selection.paths) visitPath(data, path, 0, (object) => this.#add(object));
    this.representations = [...this.#targets.values()].map((each) => each.representation);
  }

  #add(object) {
    const representation = this.#selection.representationOf(object);
    if (representation === undefined) return;
    const key = JSON.stringify(representation);
    const target = this.#targets.get(key);
    if (target === undefined) this.#targets.set(key, { representation, objects: new Set([object]) });
    else target.objects.add(object);
  }

  /** Merges the answer of the subgraph into the objects. */
  merge(data, errors, execution, service) {
    const { name, renames } = this.#selection;
    const isValid = Array.isArray(data?.[name]) && data[name].length === this.#targets.size;
    // A list of another length does not tell which entities it holds.
    const answered = isValid ? data[name] : undefined;
    const failures = new Map();
    for (const error of errors) {
      const [selected, index, ...below] = error.path ?? [];
      if (selected !== undefined && selected !== name) continue;
      if (isObject(answered?.[index])) {
        if (!placeError(answered[index], below, error)) execution.unplaced.push(error);
      } else {
        failures.set(index, [...(failures.get(index) ?? []), { error, below }]);
      }
    }
    if (!isValid && !failures.has(undefined) && failures.size < this.#targets.size) {
      failures.set(undefined, [{ error: execution.invalid(service).errors[0], below: [] }]);
    }
    let index = 0;
    for (const { representation, objects } of this.#targets.values()) {
      const entity = isObject(answered?.[index])
        ? answered[index]
        : this.#absent(representation, failures.get(index) ?? failures.get(undefined));
      rename(entity, renames);
      const [first, ...others] = objects;
      for (const object of others) mergeInto(object, copy(entity));
      mergeInto(first, entity);
      index += 1;
    }
  }

  /** What stands for the fields of an entity that is null. */
  #absent(representation, failures) {
    const names = this.#selection.fieldsOf(representation.__typename);
    if (failures === undefined) return Object.fromEntries(names.map((name) => [name, MISSING]));
    const entity = Object.fromEntries(names.map((name) => [name, new Failure()]));
    for (const { error, below } of failures) {
      const [name, ...rest] = below;
      if (name === undefined) for (const each of names) entity[each].add(error);
      else entity[name]?.add(error, rest);
    }
    return entity;
  }
}

/** Visits the objects at a path of the data. */
function visitPath(value, path, at, visit) {
  if (Array.isArray(value)) {
    for (const item of value) visitPath(item, path, path[at]?.list ? at + 1 : at, visit);
  } else if (isObject(value)) {
    const segment = path[at];
    if (segment === undefined) visit(value);
    else if (segment.field !== undefined) visitPath(value[segment.field], path, at + 1, visit);
    else if (segment.isFor?.(value.__typename)) visitPath(value, path, at + 1, visit);
  }
}

/** Renames the fields that the planner gave another name in the request. */
function rename(value, renames) {
  for (const { path, name } of renames) renameAt(value, path, 0, name);
}

function renameAt(value, path, at, name) {
  if (Array.isArray(value)) {
    for (const item of value) renameAt(item, path, at, name);
  } else if (isObject(value)) {
    const { key, isFor } = path[at];
    if (isFor) {
      if (isFor(value.__typename)) renameAt(value, path, at + 1, name);
    } else if (at < path.length - 1) {
      renameAt(value[key], path, at + 1, name);
    } else if (Object.hasOwn(value, key)) {
      value[name] = value[key];
      delete value[key];
    }
  }
}
