/** Each language has every key, and puts in the same values. */
import { expect, test } from "vitest";
import { LANGUAGES, loadCatalogue, shopLocale } from "./i18n";

function placeholders(message: unknown): string[] {
  return [...new Set([...JSON.stringify(message).matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? ""))].toSorted();
}

test("Dutch, English, French and German are there", () => {
  expect(LANGUAGES.toSorted()).toEqual(["de", "en", "fr", "nl"]);
});

test.each(LANGUAGES)("%s has every key with its values", async (language) => {
  const [english, other] = [await loadCatalogue("en"), await loadCatalogue(language)];
  expect(Object.keys(other).toSorted()).toEqual(Object.keys(english).toSorted());
  for (const [key, message] of Object.entries(english)) {
    expect([key, placeholders(other[key as keyof typeof other])]).toEqual([key, placeholders(message)]);
  }
});

test.each([
  ["de-AT", "de-AT"],
  ["fr", "fr"],
  ["de-CH-1996", "de-CH"],
  ["es-419", "es"],
  ["zh-Hant-TW", "zh"],
  ["", "en"],
])("the shop takes %s as %s", (tag, taken) => {
  expect(shopLocale(tag)).toBe(taken);
});
