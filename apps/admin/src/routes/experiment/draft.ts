/** A draft of an experiment as a form holds it: all values as texts, shares in per cent. */
import type { ExperimentRowFragment, ExperimentUpdateInput } from "../../gql";

export interface DraftVariant {
  key: string;
  share: string;
}

export interface Draft {
  name: string;
  hypothesis: string;
  coverage: string;
  variants: readonly DraftVariant[];
}

export interface Difference {
  field: keyof Draft;
  mine: string;
  theirs: string;
}

/** A share of 0 to 1 in per cent, without the digits that a float adds: 7 for 0.07. */
function percentOf(share: number): string {
  return String(Number((share * 100).toPrecision(12)));
}

/** The share that a text of per cent means. What is no number is out of range, so that the graph refuses it at its field. */
function shareOf(text: string): number {
  const percent = text.trim() === "" ? Number.NaN : Number(text.replace(",", "."));
  return Number.isNaN(percent) ? -1 : percent / 100;
}

export function draftOf({ name, hypothesis, coverage, variants }: ExperimentRowFragment): Draft {
  return {
    name,
    hypothesis: hypothesis ?? "",
    coverage: percentOf(coverage ?? 1),
    variants: (variants ?? []).map(({ key, weight }) => ({ key, share: percentOf(weight) })),
  };
}

/** What a draft changes of the one before it, for the graph. What is as it was is left out, and so keeps its value. */
export function changesOf(draft: Draft, before: Draft): Omit<ExperimentUpdateInput, "id" | "version"> {
  return {
    ...(draft.name !== before.name && { name: draft.name }),
    ...(draft.hypothesis !== before.hypothesis && { hypothesis: draft.hypothesis }),
    ...(draft.coverage !== before.coverage && { coverage: shareOf(draft.coverage) }),
    ...(textOf("variants", draft) !== textOf("variants", before) && {
      variants: draft.variants.map(({ key, share }) => ({ key, weight: shareOf(share) })),
    }),
  };
}

/** A field of a draft in words. */
function textOf(field: keyof Draft, draft: Draft): string {
  if (field === "variants") return draft.variants.map(({ key, share }) => `${key} ${share} %`).join(", ");
  return field === "coverage" ? `${draft.coverage} %` : draft[field];
}

/** In what two drafts differ. */
export function differences(mine: Draft, theirs: Draft): Difference[] {
  return (["name", "hypothesis", "coverage", "variants"] as const)
    .map((field) => ({ field, mine: textOf(field, mine), theirs: textOf(field, theirs) }))
    .filter((each) => each.mine !== each.theirs);
}
