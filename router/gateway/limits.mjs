/**
 * Limits on the size of GraphQL documents, checked before validation. Fragments count as if they were written out at
 * each spread, so that neither aliases nor fragments evade a limit. Each fragment is measured once, so the check takes
 * time in proportion to the text. The subgraphs apply the same limits (`shared/graph/execution/limits.py`).
 */
import { GraphQLError, parse, visit } from "graphql";
import sharedLimits from "../../shared/limits.json" with { type: "json" };
import { rejectOperation } from "./errors.mjs";

/** Far above any legitimate operation, and low enough for the recursive functions to stay within the stack. */
const MAX_TOKENS = sharedLimits.document.tokens;
/** The parser's message; its error has no code. */
const TOO_MANY_TOKENS_ERROR = /contains more tha[nt] \d+ tokens/;
/** The cache keeps texts together with their parsed documents. */
const MAX_CHARACTERS = sharedLimits.document.characters;
const MAX_DEPTH = sharedLimits.document.depth;
const MAX_FIELDS = sharedLimits.document.fields;
/** How often one selection set may repeat a field: validation compares each pair. */
const MAX_REPEATED_FIELDS = sharedLimits.document.repeatedFields;
const MAX_ALIASES = sharedLimits.document.aliases;
const MAX_ROOT_FIELDS = sharedLimits.document.rootFields;
const MAX_DIRECTIVES = sharedLimits.document.directives;
const MAX_FRAGMENTS = sharedLimits.document.fragments;
const MAX_OPERATIONS = sharedLimits.document.operations;
const MAX_VARIABLE_DEPTH = sharedLimits.variables.depth;
const MAX_VARIABLE_VALUES = sharedLimits.variables.values;
/** They hold the id of a trusted document. */
const MAX_EXTENSION_CHARACTERS = sharedLimits.extensions.characters;
const MAX_SUBSCRIPTION_CHARACTERS = sharedLimits.subscription.characters;
const INTROSPECTION_FIELDS = ["__schema", "__type"];

const EMPTY_SIZE = { depth: 0, fields: 0, aliases: 0, directives: 0, roots: 0, introspects: false };

/** The error of a request that exceeds a limit; `requested` is undefined when counting stops at the maximum. */
export function limitExceeded(limit, maximum, requested) {
  return new GraphQLError(`The request exceeds the limit of ${maximum} for ${limit}.`, {
    extensions: { code: "LIMIT_EXCEEDED", limit, maximum, requested },
  });
}

function checkLimit(limit, found, maximum) {
  if (found > maximum) throw limitExceeded(limit, maximum);
}

/** Measures selection sets, each fragment once. Validation rejects a fragment that spreads itself. */
class SelectionSizer {
  #fragments;
  #sizes = new Map();
  #open = new Set();

  /** Whether a fragment spreads itself, which validation rejects. */
  isRecursive = false;

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
    this.isRecursive ||= this.#open.has(name);
    if (!this.#sizes.has(name)) {
      this.#sizes.set(name, EMPTY_SIZE);
      const fragment = this.#fragments.get(name);
      if (fragment) {
        const directives = fragment.directives?.length ?? 0;
        this.#open.add(name);
        this.#sizes.set(name, this.size(fragment.selectionSet, directives, level + 1));
        this.#open.delete(name);
      }
    }
    return this.#sizes.get(name);
  }
}

/** Throws when selection sets that GraphQL merges repeat a field too often. */
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

/** Throws for a document that is too large. Returns whether it introspects the schema. */
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
  if (!sizer.isRecursive) for (const each of operations) checkRepeatedFields([each.selectionSet], fragments);
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
      // Checked before the members are visited: a list in a body of one mebibyte may hold half a million.
      if (counted + pending.length + members.length > MAX_VARIABLE_VALUES) {
        throw limitExceeded("values in variables", MAX_VARIABLE_VALUES);
      }
      for (const each of members) pending.push([each, depth + 1]);
    }
  }
}

/**
 * Removes the tokens of a document, which are most of its memory, from the locations of its nodes. Documents are kept,
 * those that do not run too (`document-cache.mjs`).
 */
function withoutTokens(document) {
  return visit(document, {
    enter(node) {
      if (node.loc) node.loc = { start: node.loc.start, end: node.loc.end, source: node.loc.source };
    },
  });
}

/** Parses a text. The parser stops at the maximum number of tokens. */
function parseWithinLimit(source, options) {
  try {
    return withoutTokens(parse(source, { ...options, maxTokens: MAX_TOKENS }));
  } catch (error) {
    throw TOO_MANY_TOKENS_ERROR.test(error.message) ? limitExceeded("tokens", MAX_TOKENS) : error;
  }
}

/** Checks what a stream keeps for as long as it is open. */
function checkSubscription({ params, variables }) {
  const characters = String(params.query ?? "").length + JSON.stringify(variables ?? {}).length;
  checkLimit("characters of a subscription", characters, MAX_SUBSCRIPTION_CHARACTERS);
}

/** Checks variables before parsing and documents after it. A text that is kept is parsed once. */
export function useLimits({ isProduction }) {
  return {
    onParams({ params, ...operation }) {
      try {
        checkLimit("characters", String(params.query ?? "").length, MAX_CHARACTERS);
        checkVariables(params.variables ?? {});
        const extensions = JSON.stringify(params.extensions ?? {});
        checkLimit("characters of extensions", extensions.length, MAX_EXTENSION_CHARACTERS);
      } catch (error) {
        rejectOperation(operation, error);
      }
    },
    onSubscribe({ args, setResultAndStopExecution }) {
      try {
        checkSubscription({ params: args.contextValue.params, variables: args.variableValues });
      } catch (error) {
        setResultAndStopExecution({ errors: [error] });
      }
    },
    onParse({ setParseFn }) {
      setParseFn((source, options) => {
        const document = parseWithinLimit(source, options);
        if (checkDocument(document) && isProduction) {
          const extensions = { code: "INTROSPECTION_DISABLED" };
          throw new GraphQLError("Introspection is not available here.", { extensions });
        }
        return document;
      });
    },
  };
}
