/** A change of one choice keeps the rest where the catalogue allows it. */
import { expect, test } from "vitest";
import { fitting, newLayer, newText, plainConfig, type Options } from "./config";

const BLACK = { __typename: "ColorOption", color: "BLACK", label: "Black", hex: "#000" } as const;
const RED = { __typename: "ColorOption", color: "RED", label: "Red", hex: "#f00" } as const;
const GOLD = { __typename: "ColorOption", color: "GOLD", label: "Gold", hex: "#fd0" } as const;
const SOLID = { __typename: "PatternOption", pattern: "SOLID", label: "Plain" } as const;
const DOTS = { __typename: "PatternOption", pattern: "DOTS", label: "Dots" } as const;

function material(name: "NYLON" | "LEATHER", techniques: Options["materials"][number]["techniques"]) {
  return { __typename: "MaterialOption", material: name, label: name, techniques } as const;
}

function technique(name: "EMBROIDERY" | "ENGRAVING", font: "SERIF" | "BLOCK") {
  const fontOptions = [{ __typename: "FontOption" as const, font, label: font }];
  return { __typename: "TechniqueOption", technique: name, label: name, fontOptions } as const;
}

const OPTIONS: Options = {
  __typename: "ProductOptions",
  product: "COLLAR",
  label: "Collar",
  sizes: (["SMALL", "MEDIUM", "LARGE"] as const).map((size) => ({
    __typename: "SizeOption",
    size,
    label: size,
    measure: "20–28 cm",
    textLength: 12,
    fit: { __typename: "SizeFit", measure: "NECK", label: "Neck" },
  })),
  materials: [
    { ...material("NYLON", ["EMBROIDERY"]), colors: [BLACK, RED], patternOptions: [SOLID, DOTS] },
    { ...material("LEATHER", ["ENGRAVING"]), colors: [BLACK], patternOptions: [SOLID] },
  ],
  hardwareOptions: (["NICKEL", "BRASS"] as const).map((finish) => ({ __typename: "HardwareOption", finish, label: finish })),
  colorPairs: [
    { __typename: "ColorPairOption", primary: "RED", secondary: [BLACK, GOLD] },
    { __typename: "ColorPairOption", primary: "BLACK", secondary: [GOLD] },
  ],
  textPositionOptions: [{ __typename: "TextPositionOption", position: "LEFT", label: "Left" }],
  techniques: [
    { ...technique("EMBROIDERY", "SERIF"), colors: [GOLD] },
    { ...technique("ENGRAVING", "BLOCK"), colors: [] },
  ],
  layers: {
    __typename: "LayerOptions",
    most: 1,
    motifOptions: [{ __typename: "MotifOption", motif: "PAW", label: "Paw" }],
    colors: [RED],
    limits: [{ __typename: "LayerLimit", field: "x", least: 100, most: 300 }],
  },
};

test("a product begins plain, in a middle size, with what it must have", () => {
  expect(plainConfig(OPTIONS)).toMatchObject({ size: "MEDIUM", material: "NYLON", primaryColor: "BLACK", pattern: "SOLID", hardware: "NICKEL" });
});

test("another material keeps what it allows and replaces the rest", () => {
  const nylon = plainConfig(OPTIONS);
  const text = { ...newText(nylon, OPTIONS), content: "Rex" } as NonNullable<typeof nylon.text>;
  const dotted = fitting({ ...nylon, primaryColor: "RED", pattern: "DOTS", secondaryColor: "GOLD", hardware: "BRASS", text }, OPTIONS);
  expect(dotted).toMatchObject({ primaryColor: "RED", pattern: "DOTS", secondaryColor: "GOLD", text: { font: "SERIF", color: "GOLD" } });
  const leather = fitting({ ...dotted, material: "LEATHER" }, OPTIONS);
  expect(leather).toMatchObject({ primaryColor: "BLACK", pattern: "SOLID", secondaryColor: null, hardware: "BRASS" });
  expect(leather.text).toEqual({ content: "Rex", technique: "ENGRAVING", font: "BLOCK", position: "LEFT", color: null });
});

test("a second colour is one that goes with the first", () => {
  const dotted = { ...plainConfig(OPTIONS), pattern: "DOTS", primaryColor: "BLACK", secondaryColor: "BLACK" } as const;
  expect(fitting({ ...dotted }, OPTIONS).secondaryColor).toBe("GOLD");
});

test("a motif begins in the middle of what is allowed, and no more of them stay than fit", () => {
  const layer = newLayer(OPTIONS.layers as NonNullable<Options["layers"]>);
  expect(layer).toMatchObject({ motif: "PAW", color: "RED", x: 200, rotation: 0 });
  if (layer === null) throw new Error("no layer");
  expect(fitting({ ...plainConfig(OPTIONS), layers: [layer, layer] }, OPTIONS).layers).toEqual([layer]);
});
