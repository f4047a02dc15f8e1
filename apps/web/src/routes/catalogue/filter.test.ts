/** A search is what the address of the page says, as far as the shop knows it. */
import { expect, test } from "vitest";
import { conditionsOf, searchOf } from "./filter";

test("an address becomes conditions, without what the shop does not know", () => {
  const search = searchOf(new URLSearchParams("search=+red+&product=COLLAR&material=GLASS&color=TAN"));
  expect(search).toEqual({ search: " red ", category: null, product: "COLLAR", material: null, color: "TAN" });
  expect(conditionsOf(search)).toEqual({
    search: "red",
    filter: { categories: null, products: ["COLLAR"], materials: null, colors: ["TAN"] },
  });
});

test("an empty address has no condition", () => {
  expect(conditionsOf(searchOf(new URLSearchParams()))).toEqual({
    search: null,
    filter: { categories: null, products: null, materials: null, colors: null },
  });
});
