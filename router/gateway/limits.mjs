/**
 * How large a GraphQL document may be, counted before it is validated or run. Everything is counted as if fragments
 * were written out where they are spread, so neither aliases nor fragments hide anything; each fragment is counted
 * once, so a document that would explode costs no more than its text. The subgraphs hold the same (`shared/limits.py`).
 */
import { GraphQLError, parse } from "graphql";
import { rejectOperation } from "./errors.mjs";

/** Far above any honest operation, and low enough for the recursive steps to stay on the stack. */
export const MAX_TOKENS = 4_000;
/** The parser's words; it has no code for it. */
const TOO_MANY_TOKENS_ERROR = /contains more tha[nt] \d+ tokens/;
/** Texts are kept with what was parsed from them. */
const MAX_CHARACTERS = 50_000;
const MAX_DEPTH = 15;
const MAX_FIELDS = 1_000;
/** How often one field may be asked for at one place: validation compares each with each. */
const MAX_REPEATED_FIELDS = 20;
const MAX_ALIASES = 100;
const MAX_ROOT_FIELDS = 20;
const MAX_DIRECTIVES = 50;
const MAX_FRAGMENTS = 50;
const MAX_OPERATIONS = 10;
const MAX_VARIABLE_DEPTH = 20;
const MAX_VARIABLE_VALUES = 10_000;
const INTROSPECTION_FIELDS = ["__schema", "__type"];

const EMPTY_SIZE = { depth: 0, fields: 0, aliases: 0, directives: 0, roots: 0, introspects: false };

/** The error of a request that exceeds a limit; `requested` is left out where counting stops at the maximum. */
export function limitExceeded(limit, maximum, requested) {
  return new GraphQLError(`The request exceeds the limit of ${maximum} for ${limit}.`, {
    extensions: { code: "LIMIT_EXCEEDED", limit, maximum, requested },
  });
}

function checkLimit(limit, found, maximum) {
  if (found > maximum) throw limitExceeded(limit, maximum);
}

/** Sizes selection sets, each fragment once. A fragment that spreads itself is left to validation. */
class SelectionSizer {
  #fragments;
  #sizes = new Map();

  constructor(fragments) {
    this.#fragments = fragments;
  }

  size(selections, directives, level) {
    // Inline fragments nest without a field of their own.
    if (level > MAX_DEPTH * 2) throw limitExceeded("depth", MAX_DEPTH);
    const total = { ...EMPTY_SIZE, directives };
    for (const selection of selections?.selections ?? []) {
      const isField = selection.kind === "Field";
      const below = this.#selectionSize(selection, level);
      total.depth = Math.max(total.depth, below.depth + (isField ? 1 : 0));
      total.fields += below.fields + (isField ? 1 : 0);
      total.aliases += below.aliases + (isField && selection.alias ? 1 : 0);
      total.directives += below.directives + (selection.directives?.length ?? 0);
      total.roots += isField ? 1 : below.roots;
      total.introspects ||= below.introspects || (isField && INTROSPECTION_FIELDS.includes(selection.name.value));
    }
    return total;
  }

  #selectionSize(selection, level) {
    if (selection.kind !== "FragmentSpread") return this.size(selection.selectionSet, 0, level + 1);
    const name = selection.name.value;
    if (!this.#sizes.has(name)) {
      this.#sizes.set(name, EMPTY_SIZE);
      const fragment = this.#fragments.get(name);
      if (fragment) this.#sizes.set(name, this.size(fragment.selectionSet, fragment.directives?.length ?? 0, level + 1));
    }
    return this.#sizes.get(name);
  }
}

/** Throws when a field is repeated too often, in selection sets that GraphQL merges into one. */
function checkRepeatedFields(merged, fragments) {
  const counts = new Map();
  const below = new Map();
  const visited = new Set();
  const pending = [...merged];
  while (pending.length > 0) {
    for (const selection of pending.pop().selections) {
      if (selection.kind === "Field") {
        const key = (selection.alias ?? selection.name).value;
        counts.set(key, (counts.get(key) ?? 0) + 1);
        checkLimit("repeated fields", counts.get(key), MAX_REPEATED_FIELDS);
        if (selection.selectionSet) below.set(key, [...(below.get(key) ?? []), selection.selectionSet]);
      } else if (selection.kind === "InlineFragment") {
        pending.push(selection.selectionSet);
      } else if (fragments.has(selection.name.value) && !visited.has(selection.name.value)) {
        visited.add(selection.name.value);
        pending.push(fragments.get(selection.name.value).selectionSet);
      }
    }
  }
  for (const selections of below.values()) checkRepeatedFields(selections, fragments);
}

/** Throws for a document that is too large; answers whether it introspects. */
export function checkDocument(document) {
  const fragments = new Map();
  const operations = [];
  for (const definition of document.definitions) {
    if (definition.kind === "FragmentDefinition") fragments.set(definition.name.value, definition);
    if (definition.kind === "OperationDefinition") operations.push(definition);
  }
  checkLimit("fragments", fragments.size, MAX_FRAGMENTS);
  checkLimit("operations", operations.length, MAX_OPERATIONS);
  const sizer = new SelectionSizer(fragments);
  const sizes = operations.map((each) => sizer.size(each.selectionSet, each.directives?.length ?? 0, 0));
  const largest = (count) => Math.max(0, ...sizes.map((size) => size[count]));
  checkLimit("depth", largest("depth"), MAX_DEPTH);
  checkLimit("root fields", largest("roots"), MAX_ROOT_FIELDS);
  checkLimit("aliases", largest("aliases"), MAX_ALIASES);
  checkLimit("directives", largest("directives"), MAX_DIRECTIVES);
  checkLimit("fields", largest("fields"), MAX_FIELDS);
  for (const each of operations) checkRepeatedFields([each.selectionSet], fragments);
  return sizes.some((size) => size.introspects);
}

/** Throws for variables that are nested too deeply or hold too many values. */
export function checkVariables(variables) {
  const pending = [[variables, 0]];
  let counted = 0;
  while (pending.length > 0) {
    const [value, depth] = pending.pop();
    counted += 1;
    if (depth > MAX_VARIABLE_DEPTH) throw limitExceeded("depth of variables", MAX_VARIABLE_DEPTH);
    if (typeof value === "object" && value !== null) {
      const members = Object.values(value);
      // Before they are walked: a list in a body of one mebibyte holds half a million.
      if (counted + pending.length + members.length > MAX_VARIABLE_VALUES) {
        throw limitExceeded("values in variables", MAX_VARIABLE_VALUES);
      }
      for (const each of members) pending.push([each, depth + 1]);
    }
  }
}

/** The document of a text; throws for one of too many tokens, of which the parser reads no more than are allowed. */
function parseWithinLimit(source, options) {
  try {
    return parse(source, { ...options, maxTokens: MAX_TOKENS });
  } catch (error) {
    throw TOO_MANY_TOKENS_ERROR.test(error.message) ? limitExceeded("tokens", MAX_TOKENS) : error;
  }
}

/** Checks variables before and documents after they are parsed, which is once for each text that is known. */
export function useLimits({ isProduction }) {
  return {
    onParams({ params, ...operation }) {
      try {
        checkLimit("characters", String(params.query ?? "").length, MAX_CHARACTERS);
        checkVariables(params.variables ?? {});
      } catch (error) {
        rejectOperation(operation, error);
      }
    },
    onParse({ setParseFn }) {
      setParseFn((source, options) => {
        const document = parseWithinLimit(source, options);
        if (checkDocument(document) && isProduction) {
          throw new GraphQLError("Introspection is not available here.", { extensions: { code: "INTROSPECTION_DISABLED" } });
        }
        return document;
      });
    },
  };
}
