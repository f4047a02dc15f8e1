/**
 * Validation rules beside those of graphql 16: number literals keep their digits, and no root field of a subscription
 * is conditional (https://spec.graphql.org/September2025/#sec-Single-Root-Field).
 */
import { GraphQLError } from "graphql";
import { conditionsOf } from "./conditions.mjs";
import { ExactNumbersRule } from "./exact-numbers.mjs";

/** The selections at the root of an operation; those of a fragment once. */
function* rootSelections(selectionSet, fragments, visited = new Set()) {
  for (const selection of selectionSet.selections) {
    yield selection;
    if (selection.kind === "InlineFragment") yield* rootSelections(selection.selectionSet, fragments, visited);
    if (selection.kind !== "FragmentSpread" || visited.has(selection.name.value)) continue;
    visited.add(selection.name.value);
    const fragment = fragments.get(selection.name.value);
    if (fragment) yield* rootSelections(fragment.selectionSet, fragments, visited);
  }
}

/** The errors of conditional root fields. The rule of graphql 16 throws for them. */
function conditionalSubscriptions({ definitions }) {
  const subscriptions = definitions.filter(({ operation }) => operation === "subscription");
  if (subscriptions.length === 0) return [];
  const named = definitions.filter(({ kind }) => kind === "FragmentDefinition");
  const fragments = new Map(named.map((fragment) => [fragment.name.value, fragment]));
  return subscriptions.flatMap(({ selectionSet }) =>
    [...rootSelections(selectionSet, fragments)]
      .flatMap(conditionsOf)
      .map((node) => new GraphQLError("The root field of a subscription must not be conditional.", { nodes: [node] })),
  );
}

/** Applies the rules. The gateway keeps the result for each document. */
export function useDocumentRules() {
  return {
    onValidate({ validateFn, setValidationFn }) {
      setValidationFn((schema, document, rules, ...options) => {
        const errors = conditionalSubscriptions(document);
        return errors.length > 0 ? errors : validateFn(schema, document, [...rules, ExactNumbersRule], ...options);
      });
    },
  };
}
