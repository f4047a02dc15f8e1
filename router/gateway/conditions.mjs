/**
 * The conditions of selections: `@skip` and `@include`
 * (https://spec.graphql.org/September2025/#sec-Type-System.Directives.Built-in-Directives).
 */
const CONDITIONS = ["skip", "include"];

/** The conditions among the directives of a selection, in the order in which they are read: `@skip` first. */
export function conditionsOf({ directives = [] }) {
  return CONDITIONS.flatMap((condition) => directives.filter(({ name }) => name.value === condition));
}

/** Whether a condition includes its selection. `valueOf` reads the node of its argument. */
export function includes({ name, arguments: [{ value }] }, valueOf) {
  return valueOf(value) !== (name.value === "skip");
}

/** Whether all conditions of a selection include it. Those after one that does not are not read. */
export function isIncluded(selection, valueOf) {
  return conditionsOf(selection).every((condition) => includes(condition, valueOf));
}
