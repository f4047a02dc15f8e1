/** The measures of a pet: written in centimetres and kilograms, kept in millimetres and grams. */
import type { PetMeasuresInput, PetPartsFragment } from "../../gql";

/** A measure by name: the input that takes it, and how many of its units one of those that are written has. */
export const MEASURES = [
  { name: "neck", input: "neckMillimetres", unit: "centimeter", factor: 10 },
  { name: "chest", input: "chestMillimetres", unit: "centimeter", factor: 10 },
  { name: "back", input: "backMillimetres", unit: "centimeter", factor: 10 },
  { name: "length", input: "lengthMillimetres", unit: "centimeter", factor: 10 },
  { name: "weight", input: "weightGrams", unit: "kilogram", factor: 1_000 },
] as const;

type Measure = (typeof MEASURES)[number];

/** What is stored of a measure, in millimetres or grams. */
export function storedOf({ measures }: PetPartsFragment, { name }: Measure): number | null {
  if (name === "weight") return measures.weight?.grams ?? null;
  return measures[name]?.millimetres ?? null;
}

/** A stored measure as an input shows it, such as `35,5` in German. */
export function writtenOf(stored: number | null, { factor }: Measure, locale: string): string {
  if (stored === null) return "";
  return new Intl.NumberFormat(locale, { useGrouping: false, maximumFractionDigits: 3 }).format(stored / factor);
}

/** A stored measure with its unit, such as `35.5 cm`. */
export function shownOf(stored: number, { factor, unit }: Measure, locale: string): string {
  return new Intl.NumberFormat(locale, { style: "unit", unit, maximumFractionDigits: 3 }).format(stored / factor);
}

/** The measures of a form, with the inputs that hold no number. Both a point and a comma are taken before decimals. */
export function measuresOf(values: Record<string, string>): { measures: PetMeasuresInput; unreadable: string[] } {
  const measures: PetMeasuresInput = {};
  const unreadable: string[] = [];
  for (const { input, factor } of MEASURES) {
    const text = (values[input] ?? "").trim().replace(",", ".");
    if (text !== "" && !/^\d+(\.\d+)?$/.test(text)) unreadable.push(input);
    else measures[input] = text === "" ? null : Math.round(Number(text) * factor);
  }
  return { measures, unreadable };
}
