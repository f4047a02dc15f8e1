/**
 * Finds a null in an argument or an input field that must not be null. Only selections that would be executed count:
 * the arguments of an excluded field are never read.
 */
import {
  GraphQLError,
  SchemaMetaFieldDef,
  TypeMetaFieldDef,
  getNamedType,
  getNullableType,
  isInputObjectType,
  isListType,
  isNonNullType,
} from "graphql";
import { conditionsOf, includes } from "./conditions.mjs";

const META_FIELDS = new Map([SchemaMetaFieldDef, TypeMetaFieldDef].map((field) => [field.name, field]));

class NullArgumentFinder {
  #schema;
  #fragments;
  #nulls;
  #values;
  #visited = new Set();

  /**
   * @param {Set<string>} nulls the names of the variables that are null
   * @param {Record<string, unknown>} values of the variables, with their defaults
   */
  constructor(schema, document, nulls, values) {
    this.#schema = schema;
    const fragments = document.definitions.filter(({ kind }) => kind === "FragmentDefinition");
    this.#fragments = new Map(fragments.map((fragment) => [fragment.name.value, fragment]));
    this.#nulls = nulls;
    this.#values = values;
  }

  /** The first place of a null in what is selected, in the order of the document. */
  inSelections({ selections }, parent) {
    for (const selection of selections) {
      const found = this.#inSelection(selection, parent);
      if (found) return found;
    }
    return undefined;
  }

  #inSelection(selection, parent) {
    for (const node of conditionsOf(selection)) {
      const { args, name } = this.#schema.getDirective(node.name.value);
      const found = this.#inArguments(node, args, `directive "@${name}"`);
      if (found) return found;
      if (!includes(node, (value) => this.#isTrue(value))) return undefined;
    }
    if (selection.kind === "Field") return this.#inField(selection, parent);
    let fragment = selection;
    if (selection.kind === "FragmentSpread") {
      if (this.#visited.has(selection.name.value)) return undefined;
      this.#visited.add(selection.name.value);
      fragment = this.#fragments.get(selection.name.value);
    }
    const condition = fragment.typeCondition;
    const type = condition ? this.#schema.getType(condition.name.value) : parent;
    return this.inSelections(fragment.selectionSet, type);
  }

  #isTrue(value) {
    return value.kind === "Variable" ? this.#values[value.name.value] === true : value.value === true;
  }

  #inField(node, parent) {
    const field = parent.getFields?.()[node.name.value] ?? META_FIELDS.get(node.name.value);
    if (field === undefined) return undefined;
    const found = this.#inArguments(node, field.args, `field "${field.name}"`);
    if (found || node.selectionSet === undefined) return found;
    return this.inSelections(node.selectionSet, getNamedType(field.type));
  }

  #inArguments({ arguments: nodes = [] }, definitions, owner) {
    for (const node of nodes) {
      const name = node.name.value;
      const definition = definitions.find((each) => each.name === name);
      const found = definition && this.#inValue(node.value, definition.type, name);
      if (found) return { ...found, owner, node };
    }
    return undefined;
  }

  #inValue(value, type, path) {
    if (value.kind === "Variable") {
      const variable = value.name.value;
      return isNonNullType(type) && this.#nulls.has(variable) ? { path, variable } : undefined;
    }
    const nullable = getNullableType(type);
    if (value.kind === "ListValue" && isListType(nullable)) {
      return value.values.map((each, index) => this.#inValue(each, nullable.ofType, `${path}[${index}]`)).find(Boolean);
    }
    const inner = isListType(nullable) ? getNamedType(nullable) : nullable;
    if (value.kind !== "ObjectValue" || !isInputObjectType(inner)) return undefined;
    const fields = inner.getFields();
    return value.fields
      .map(({ name, value: each }) => this.#inValue(each, fields[name.value].type, `${path}.${name.value}`))
      .find(Boolean);
  }
}

/**
 * Finds an argument that must not be null.
 *
 * @param {object} variables as the client sent them
 * @param {Set<string>} nulls the names of the variables that are null
 * @returns {GraphQLError | undefined} the error, which names the argument
 */
export function findNullArgument(schema, document, operation, variables, nulls) {
  const defaults = (operation.variableDefinitions ?? [])
    .filter(({ defaultValue }) => defaultValue?.kind === "BooleanValue")
    .map(({ variable, defaultValue }) => [variable.name.value, defaultValue.value]);
  const finder = new NullArgumentFinder(schema, document, nulls, { ...Object.fromEntries(defaults), ...variables });
  const found = finder.inSelections(operation.selectionSet, schema.getRootType(operation.operation));
  if (found === undefined) return undefined;
  const { path, owner, variable } = found;
  const message = `Argument "${path}" of ${owner} must not be null, and the variable "$${variable}" is.`;
  return new GraphQLError(message, { nodes: found.node, extensions: { code: "BAD_USER_INPUT" } });
}
