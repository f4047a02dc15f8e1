/** What designs are looked for by, kept in the address of the page. */
import type { Color, Material, PresetCategory, PresetFilter, ProductKind } from "../../gql";

const CATEGORIES: readonly PresetCategory[] = ["EVERYDAY", "OUTDOOR", "ELEGANT", "SEASONAL", "PLAYFUL", "LITTLE_ONES"];
const PRODUCTS: readonly ProductKind[] = ["COLLAR", "HARNESS", "LEASH", "TAG", "BED", "BOWL", "BANDANA"];
const MATERIALS: readonly Material[] = [
  "LEATHER", "NYLON", "BIOTHANE", "HEMP", "COTTON", "LINEN", "FLEECE", "STAINLESS_STEEL", "BRASS", "ALUMINIUM", "CERAMIC", "BAMBOO",
];
const COLORS: readonly Color[] = [
  "BLACK", "WHITE", "GREY", "BROWN", "TAN", "CREAM", "RED", "ORANGE", "YELLOW", "GREEN", "TEAL", "BLUE", "NAVY", "PURPLE", "PINK",
  "SILVER", "GOLD",
];

export interface Search {
  search: string;
  category: PresetCategory | null;
  product: ProductKind | null;
  material: Material | null;
  color: Color | null;
}

/** The search of an address. What the shop does not know is left out. */
export function searchOf(params: URLSearchParams): Search {
  function one<Value extends string>(name: keyof Search, known: readonly Value[]): Value | null {
    return known.find((each) => each === params.get(name)) ?? null;
  }
  return {
    search: params.get("search") ?? "",
    category: one("category", CATEGORIES),
    product: one("product", PRODUCTS),
    material: one("material", MATERIALS),
    color: one("color", COLORS),
  };
}

/** The search as lists of presets and their facets take it. */
export function conditionsOf({ search, category, product, material, color }: Search) {
  const filter: PresetFilter = {
    categories: category && [category],
    products: product && [product],
    materials: material && [material],
    colors: color && [color],
  };
  return { search: search.trim() === "" ? null : search.trim(), filter };
}
