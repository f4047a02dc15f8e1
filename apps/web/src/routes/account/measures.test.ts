/** Measures are written as people say them, and kept whole. */
import { expect, test } from "vitest";
import { MEASURES, measuresOf, shownOf, writtenOf } from "./measures";

const [NECK, , , , WEIGHT] = MEASURES;

test("a point and a comma both begin the decimals, and what is left empty is not known", () => {
  const { measures, unreadable } = measuresOf({ neckMillimetres: "35,5", chestMillimetres: " 61.2 ", weightGrams: "12.34" });
  expect(measures).toEqual({
    neckMillimetres: 355,
    chestMillimetres: 612,
    backMillimetres: null,
    lengthMillimetres: null,
    weightGrams: 12_340,
  });
  expect(unreadable).toEqual([]);
});

test.each(["much", "1.000,5", "-3", "1e3", "."])("%s is no measure, and is named", (text) => {
  expect(measuresOf({ neckMillimetres: text, backMillimetres: "40" })).toMatchObject({
    measures: { backMillimetres: 400 },
    unreadable: ["neckMillimetres"],
  });
});

test("a stored measure is written as it was given", () => {
  expect(writtenOf(355, NECK, "de")).toBe("35,5");
  expect(writtenOf(12_340, WEIGHT, "en")).toBe("12.34");
  expect(writtenOf(null, NECK, "en")).toBe("");
  expect(shownOf(355, NECK, "en")).toBe("35.5 cm");
});
