/**
 * How large a GraphQL document may be, counted before it is validated or run. Everything is counted as if fragments
 * were written out where they are spread, so neither aliases nor fragments hide anything; each fragment is counted
 * once, so a document that would explode costs no more than its text. The subgraphs hold the same (`shared/graph/execution/limits.py`).
 */
import { GraphQLError, parse } from "graphql";
import { refuse } from "./errors.mjs";

/** Far above any honest operation, and low enough for the recursive steps to stay on the stack. */
export const MOST_TOKENS = 4_000;
/** The parser's words; it has no code for it. */
const TOO_MANY_TOKENS = /contains more tha[nt] \d+ tokens/;
/** Texts are kept with what was parsed from them. */
const MOST_CHARACTERS = 50_000;
const DEEPEST_SELECTION = 15;
const MOST_FIELDS = 1_000;
/** How often one field may be asked for at one place: validation compares each with each. */
const MOST_REPEATS = 20;
const MOST_ALIASES = 100;
const MOST_ROOT_FIELDS = 20;
const MOST_DIRECTIVES = 50;
const MOST_FRAGMENTS = 50;
const MOST_OPERATIONS = 10;
const DEEPEST_VALUE = 20;
const MOST_VALUES = 10_000;
const INTROSPECTION = ["__schema", "__type"];

const NOTHING = { depth: 0, fields: 0, aliases: 0, directives: 0, roots: 0, introspects: false };

/** The error of a request that exceeds a limit; `requested` is left out where counting stops at the maximum. */
export function limitExceeded(limit, maximum, requested) {
  return new GraphQLError(`The request exceeds the limit of ${maximum} for ${limit}.`, {
    extensions: { code: "LIMIT_EXCEEDED", limit, maximum, requested },
  });
}

function atMost(limit, found, maximum) {
  if (found > maximum) throw limitExceeded(limit, maximum);
}

/** Sizes selection sets, each fragment once. A fragment that spreads itself is left to validation. */
class Scale {
  #fragments;
  #sized = new Map();

  constructor(fragments) {
    this.#fragments = fragments;
  }

  size(selections, directives, level) {
    // Inline fragments nest without a field of their own.
    if (level > DEEPEST_SELECTION * 2) throw limitExceeded("depth", DEEPEST_SELECTION);
    const whole = { ...NOTHING, directives };
    for (const selection of selections?.selections ?? []) {
      const isField = selection.kind === "Field";
      const below = this.#below(selection, level);
      whole.depth = Math.max(whole.depth, below.depth + (isField ? 1 : 0));
      whole.fields += below.fields + (isField ? 1 : 0);
      whole.aliases += below.aliases + (isField && selection.alias ? 1 : 0);
      whole.directives += below.directives + (selection.directives?.length ?? 0);
      whole.roots += isField ? 1 : below.roots;
      whole.introspects ||= below.introspects || (isField && INTROSPECTION.includes(selection.name.value));
    }
    return whole;
  }

  #below(selection, level) {
    if (selection.kind !== "FragmentSpread") return this.size(selection.selectionSet, 0, level + 1);
    const name = selection.name.value;
    if (!this.#sized.has(name)) {
      this.#sized.set(name, NOTHING);
      const fragment = this.#fragments.get(name);
      if (fragment) this.#sized.set(name, this.size(fragment.selectionSet, fragment.directives?.length ?? 0, level + 1));
    }
    return this.#sized.get(name);
  }
}

/** Throws when a field is repeated too often, in selection sets that GraphQL merges into one. */
function checkRepeats(merged, fragments) {
  const asked = new Map();
  const below = new Map();
  const spread = new Set();
  const waiting = [...merged];
  while (waiting.length > 0) {
    for (const selection of waiting.pop().selections) {
      if (selection.kind === "Field") {
        const key = (selection.alias ?? selection.name).value;
        asked.set(key, (asked.get(key) ?? 0) + 1);
        atMost("repeated fields", asked.get(key), MOST_REPEATS);
        if (selection.selectionSet) below.set(key, [...(below.get(key) ?? []), selection.selectionSet]);
      } else if (selection.kind === "InlineFragment") {
        waiting.push(selection.selectionSet);
      } else if (fragments.has(selection.name.value) && !spread.has(selection.name.value)) {
        spread.add(selection.name.value);
        waiting.push(fragments.get(selection.name.value).selectionSet);
      }
    }
  }
  for (const selections of below.values()) checkRepeats(selections, fragments);
}

/** Throws for a document that is too large; answers whether it introspects. */
export function checkDocument(document) {
  const fragments = new Map();
  const operations = [];
  for (const definition of document.definitions) {
    if (definition.kind === "FragmentDefinition") fragments.set(definition.name.value, definition);
    if (definition.kind === "OperationDefinition") operations.push(definition);
  }
  atMost("fragments", fragments.size, MOST_FRAGMENTS);
  atMost("operations", operations.length, MOST_OPERATIONS);
  const scale = new Scale(fragments);
  const sizes = operations.map((each) => scale.size(each.selectionSet, each.directives?.length ?? 0, 0));
  const largest = (count) => Math.max(0, ...sizes.map((size) => size[count]));
  atMost("depth", largest("depth"), DEEPEST_SELECTION);
  atMost("root fields", largest("roots"), MOST_ROOT_FIELDS);
  atMost("aliases", largest("aliases"), MOST_ALIASES);
  atMost("directives", largest("directives"), MOST_DIRECTIVES);
  atMost("fields", largest("fields"), MOST_FIELDS);
  for (const each of operations) checkRepeats([each.selectionSet], fragments);
  return sizes.some((size) => size.introspects);
}

/** Throws for variables that are nested too deeply or hold too many values. */
export function checkValues(variables) {
  const waiting = [[variables, 0]];
  let counted = 0;
  while (waiting.length > 0) {
    const [value, depth] = waiting.pop();
    counted += 1;
    if (depth > DEEPEST_VALUE) throw limitExceeded("depth of variables", DEEPEST_VALUE);
    if (typeof value === "object" && value !== null) {
      const members = Object.values(value);
      // Before they are walked: a list in a body of one mebibyte holds half a million.
      if (counted + waiting.length + members.length > MOST_VALUES) throw limitExceeded("values in variables", MOST_VALUES);
      for (const each of members) waiting.push([each, depth + 1]);
    }
  }
}

/** The document of a text; throws for one of too many tokens, of which the parser reads no more than are allowed. */
function read(source, options) {
  try {
    return parse(source, { ...options, maxTokens: MOST_TOKENS });
  } catch (error) {
    throw TOO_MANY_TOKENS.test(error.message) ? limitExceeded("tokens", MOST_TOKENS) : error;
  }
}

/** Checks variables before and documents after they are parsed, which is once for each text that is known. */
export function useLimits({ isProduction }) {
  return {
    onParams({ params, ...operation }) {
      try {
        atMost("characters", String(params.query ?? "").length, MOST_CHARACTERS);
        checkValues(params.variables ?? {});
      } catch (error) {
        refuse(operation, error);
      }
    },
    onParse({ setParseFn }) {
      setParseFn((source, options) => {
        const document = read(source, options);
        if (checkDocument(document) && isProduction) {
          throw new GraphQLError("Introspection is not available here.", { extensions: { code: "INTROSPECTION_DISABLED" } });
        }
        return document;
      });
    },
  };
}
