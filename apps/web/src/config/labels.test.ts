/** A configuration is told in the catalogue's words, and in nothing else. */
import { expect, test } from "vitest";
import type { ConfigPartsFragment, OptionLabelsFragment } from "../gql";
import { wordsOf } from "./labels";

const OPTIONS: OptionLabelsFragment = {
  __typename: "ProductOptions",
  product: "COLLAR",
  label: "Halsband",
  sizes: [{ __typename: "SizeOption", size: "SMALL", label: "Klein" }],
  materials: [
    {
      __typename: "MaterialOption",
      material: "NYLON",
      label: "Nylon",
      colors: [{ __typename: "ColorOption", color: "RED", label: "Rot", hex: "#f00" }],
      patternOptions: [{ __typename: "PatternOption", pattern: "DOTS", label: "Punkte" }],
    },
  ],
  hardwareOptions: [],
  colorPairs: [
    { __typename: "ColorPairOption", secondary: [{ __typename: "ColorOption", color: "GOLD", label: "Gold", hex: "#fd0" }] },
  ],
  textPositionOptions: [],
  techniques: [],
  layers: null,
};
const CONFIG: ConfigPartsFragment = {
  __typename: "DesignConfig",
  product: "COLLAR",
  size: "SMALL",
  material: "NYLON",
  primaryColor: "RED",
  secondaryColor: "GOLD",
  pattern: "DOTS",
  hardware: null,
  text: null,
  layers: [],
};

test("each choice has the name that the catalogue gives it", () => {
  const words = { size: "Klein", material: "Nylon", colours: "Rot, Gold", pattern: "Punkte" };
  expect(wordsOf(CONFIG, OPTIONS)).toMatchObject({ ...words, hardware: "", technique: "", motifs: "" });
});

test("a choice that the catalogue no longer offers has no name", () => {
  expect(wordsOf({ ...CONFIG, size: "LARGE", hardware: "BRASS" }, OPTIONS)).toMatchObject({ size: "", hardware: "" });
});
