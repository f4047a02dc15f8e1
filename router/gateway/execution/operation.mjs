/**
 * A client's operation once the values of its conditions and the client's access are known.
 *
 * It is used twice: as the text that the planner reads, and to complete the response. The text is simple, so that no
 * construct of the language is left to the planner's and the merge's interpretation: it has no `@skip` and `@include`,
 * no named fragments, each field once, and no denied field. An aliased field is fetched as `field__alias`, which cannot
 * be mistaken for a key or for another type's field. Fields are collected by the specification's `CollectFields`
 * (https://spec.graphql.org/September2025/#CollectFields()).
 */
import { GraphQLError, Kind, getNamedType, isAbstractType, isCompositeType, print, visit } from "graphql";
import { conditionsOf, isIncluded } from "../conditions.mjs";
import { NODE } from "../nodes.mjs";
import { extractLiterals } from "./literals.mjs";

const INTROSPECTION_FIELDS = ["__schema", "__type"];
const TYPENAME = "__typename";
const ID_NODE = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: "id" } };
const TYPENAME_NODE = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: TYPENAME } };

/** The name of a field in the responses of subgraphs. */
function sourceNameOf({ name, alias }) {
  return alias === undefined || alias.value === name.value ? name.value : `${name.value}__${alias.value}`;
}

function responseNameOf({ name, alias }) {
  return (alias ?? name).value;
}

/** The names of the variables that conditions of a document depend on. */
export function conditionVariables(document) {
  const names = new Set();
  visit(document, {
    enter(node) {
      for (const { arguments: [{ value }] } of conditionsOf(node)) {
        if (value.kind === Kind.VARIABLE) names.add(value.name.value);
      }
    },
  });
  return [...names].sort();
}

/** The fields that clients select at one place of the response, over all selection sets that are merged there. */
class Selection {
  #operation;
  #selectionSets;
  #fields = new Map();

  constructor(operation, selectionSets) {
    this.#operation = operation;
    this.#selectionSets = selectionSets;
  }

  /**
   * The fields of an object of this type, in the order of the response.
   *
   * @returns {{responseName: string, sourceName: string, name: string, type: object, denial?: object,
   *   selection?: Selection, nodes: object[]}[]}
   */
  fieldsOf(type) {
    let fields = this.#fields.get(type.name);
    if (fields === undefined) {
      const nodes = new Map();
      for (const each of this.#selectionSets) this.#operation.collect(type, each, nodes, new Set());
      fields = [...nodes].map(([responseName, merged]) => this.#operation.field(type, responseName, merged));
      this.#fields.set(type.name, fields);
    }
    return fields;
  }
}

/** One operation of a valid document. */
export class Operation {
  #schema;
  #fragments = new Map();
  #node;
  #conditions;
  #denialOf;

  /**
   * @param {import("graphql").GraphQLSchema} schema that clients see
   * @param {object} document
   * @param {object} node the operation's definition
   * @param {Record<string, unknown>} conditions the values of the variables in `@skip` and `@include`
   * @param {(typeName: string, fieldName: string) => object | undefined} denialOf why a field is denied to the client
   */
  constructor(schema, document, node, conditions, denialOf) {
    this.#schema = schema;
    this.#node = node;
    this.#conditions = conditions;
    this.#denialOf = denialOf;
    for (const each of document.definitions) {
      if (each.kind === Kind.FRAGMENT_DEFINITION) this.#fragments.set(each.name.value, each);
    }
    this.kind = node.operation;
    this.rootType = schema.getRootType(node.operation);
    this.selection = new Selection(this, [node.selectionSet]);
  }

  /**
   * The operation for the planner, undefined when no subgraph is needed.
   *
   * @returns {{text: string, values: Record<string, unknown>} | undefined} the text, and the values of its variables
   *   where the client sends none
   */
  planned() {
    const selectionSet = this.#planned(this.rootType, [this.#node.selectionSet]);
    if (selectionSet.selections.every((each) => each === TYPENAME_NODE)) return undefined;
    const used = new Set();
    visit(selectionSet, { Variable: ({ name }) => void used.add(name.value) });
    const variableDefinitions = (this.#node.variableDefinitions ?? [])
      .filter((each) => used.has(each.variable.name.value))
      .map((each) => ({ ...each, directives: [] }));
    const definition = { kind: Kind.OPERATION_DEFINITION, operation: this.kind, variableDefinitions, selectionSet };
    const { definition: simplified, values } = extractLiterals(this.#schema, definition);
    return { text: print({ kind: Kind.DOCUMENT, definitions: [simplified] }), values };
  }

  /** The document of the introspection fields, undefined when there is none. */
  introspection() {
    const nodes = this.selection
      .fieldsOf(this.rootType)
      .filter((each) => INTROSPECTION_FIELDS.includes(each.name))
      .flatMap((each) => each.nodes);
    if (nodes.length === 0) return undefined;
    const selectionSet = { kind: Kind.SELECTION_SET, selections: nodes };
    return { kind: Kind.DOCUMENT, definitions: [{ ...this.#node, selectionSet }, ...this.#fragments.values()] };
  }

  /** Adds the fields that a selection set selects of an object, by response name. */
  collect(type, selectionSet, nodes, visitedFragments) {
    for (const node of selectionSet.selections) {
      if (!this.#isIncluded(node)) continue;
      if (node.kind === Kind.FIELD) {
        const name = responseNameOf(node);
        if (nodes.has(name)) nodes.get(name).push(node);
        else nodes.set(name, [node]);
        continue;
      }
      const fragment = this.#fragmentOf(node, visitedFragments);
      if (fragment && this.#applies(fragment.typeCondition, type)) {
        this.collect(type, fragment.selectionSet, nodes, visitedFragments);
      }
    }
  }

  /** Describes one field of an object. */
  field(parent, responseName, nodes) {
    const [node] = nodes;
    const name = node.name.value;
    const type = name.startsWith("__") ? undefined : parent.getFields()[name].type;
    const isComposite = type !== undefined && isCompositeType(getNamedType(type));
    return {
      responseName,
      sourceName: sourceNameOf(node),
      name,
      type,
      denial: this.#denialOf(parent.name, name),
      selection: isComposite ? new Selection(this, nodes.map((each) => each.selectionSet)) : undefined,
      nodes,
    };
  }

  /** The selection set for the planner: fields and, where the type is abstract, one inline fragment by type. */
  #planned(parent, selectionSets) {
    const fields = new Map();
    const fragments = new Map();
    for (const each of selectionSets) this.#merge(parent, each, fields, fragments, new Set());
    // Only its owner knows whether an object exists: it is asked for the id, whatever the client selects.
    if (parent.name === NODE && !fields.has("id")) fields.set("id", { node: ID_NODE, sets: [] });
    const selections = [];
    for (const { node, sets } of fields.values()) {
      const { type } = parent.getFields()[node.name.value];
      selections.push({
        kind: Kind.FIELD,
        name: node.name,
        alias: node.alias && { kind: Kind.NAME, value: sourceNameOf(node) },
        arguments: node.arguments,
        selectionSet: sets.length > 0 ? this.#planned(getNamedType(type), sets) : undefined,
      });
    }
    for (const [name, sets] of fragments) {
      selections.push({
        kind: Kind.INLINE_FRAGMENT,
        typeCondition: { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: name } },
        selectionSet: this.#planned(this.#schema.getType(name), sets),
      });
    }
    if (selections.length === 0 || isAbstractType(parent)) selections.unshift(TYPENAME_NODE);
    return { kind: Kind.SELECTION_SET, selections };
  }

  #merge(parent, selectionSet, fields, fragments, visitedFragments) {
    for (const node of selectionSet.selections) {
      if (!this.#isIncluded(node)) continue;
      if (node.kind === Kind.FIELD) {
        if (node.name.value.startsWith("__") || this.#denialOf(parent.name, node.name.value)) continue;
        const name = sourceNameOf(node);
        if (!fields.has(name)) fields.set(name, { node, sets: [] });
        if (node.selectionSet) fields.get(name).sets.push(node.selectionSet);
        continue;
      }
      const condition = (node.typeCondition ?? this.#fragments.get(node.name?.value)?.typeCondition)?.name.value;
      if (condition === undefined || this.#covers(condition, parent)) {
        const fragment = this.#fragmentOf(node, visitedFragments);
        if (fragment) this.#merge(parent, fragment.selectionSet, fields, fragments, visitedFragments);
      } else {
        const { selectionSet: inner } = this.#fragmentOf(node, new Set());
        fragments.set(condition, [...(fragments.get(condition) ?? []), inner]);
      }
    }
  }

  #isIncluded(selection) {
    return isIncluded(selection, (value) => this.#valueOf(value));
  }

  #valueOf(condition) {
    if (condition.kind !== Kind.VARIABLE) return condition.value;
    const name = condition.name.value;
    const value = this.#conditions[name];
    if (typeof value === "boolean") return value;
    throw new GraphQLError(`The variable "$${name}" is the condition of a directive and must not be null.`, {
      extensions: { code: "BAD_USER_INPUT" },
    });
  }

  /** The fragment of a spread, undefined when it was visited before. */
  #fragmentOf(node, visited) {
    if (node.kind === Kind.INLINE_FRAGMENT) return node;
    const name = node.name.value;
    if (visited.has(name)) return undefined;
    visited.add(name);
    return this.#fragments.get(name);
  }

  #applies(condition, type) {
    return condition === undefined || this.#covers(condition.name.value, type);
  }

  /** Whether each object of a type satisfies a type condition. */
  #covers(condition, type) {
    if (condition === type.name) return true;
    const conditional = this.#schema.getType(condition);
    return isAbstractType(conditional) && this.#schema.isSubType(conditional, type);
  }
}

