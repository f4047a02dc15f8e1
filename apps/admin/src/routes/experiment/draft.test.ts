/** Drafts of experiments: what a form makes of one, what it sends, and what a conflict shows. */
import { expect, test } from "vitest";
import type { ExperimentRowFragment } from "../../gql";
import { changesOf, differences, draftOf, type Draft } from "./draft";

const EXPERIMENT = {
  name: "Larger pictures",
  hypothesis: null,
  coverage: 0.07,
  variants: [
    { key: "control", weight: 0.57 },
    { key: "large", weight: 0.43 },
  ],
} as unknown as ExperimentRowFragment;
const DRAFT: Draft = {
  name: "Larger pictures",
  hypothesis: "",
  coverage: "7",
  variants: [
    { key: "control", share: "57" },
    { key: "large", share: "43" },
  ],
};

test("shares are in per cent, without the digits of a float", () => {
  expect(draftOf(EXPERIMENT)).toEqual(DRAFT);
});

test("what was not changed is not sent", () => {
  expect(changesOf(DRAFT, DRAFT)).toEqual({});
  const changed = { ...DRAFT, coverage: "50", variants: [{ key: "control", share: "100" }] };
  expect(changesOf(changed, DRAFT)).toEqual({ coverage: 0.5, variants: [{ key: "control", weight: 1 }] });
});

test("what is no number is sent as a share that the graph refuses", () => {
  expect(changesOf({ ...DRAFT, coverage: "half" }, DRAFT)).toEqual({ coverage: -1 });
  expect(changesOf({ ...DRAFT, coverage: "12,5" }, DRAFT)).toEqual({ coverage: 0.125 });
});

test("a conflict names the fields that differ", () => {
  const theirs = { ...DRAFT, name: "Pictures", variants: [{ key: "control", share: "100" }] };
  expect(differences(DRAFT, theirs)).toEqual([
    { field: "name", mine: "Larger pictures", theirs: "Pictures" },
    { field: "variants", mine: "control 57 %, large 43 %", theirs: "control 100 %" },
  ]);
});
