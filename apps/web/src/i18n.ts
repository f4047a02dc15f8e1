/** The languages of the storefront: one file of `messages/` each, loaded when it is chosen. */
import { useI18n, type Message } from "@petplus/ui";
import type en from "./messages/en";

export type Key = keyof typeof en;
/** What a language's file must have. */
export type Catalogue = Readonly<Record<Key, Message>>;

const STORED = "petplus-language";
const DEFAULT = "en";
const files = import.meta.glob<{ default: Catalogue }>("./messages/*.ts");

/** The languages by the names of their files, such as `de`. */
export const LANGUAGES: readonly string[] = Object.keys(files).map((path) => path.slice("./messages/".length, -".ts".length));

/** The reader's choice, or the first language of the browser that there is. */
export function chosenLanguage(): string {
  const wanted = [localStorage.getItem(STORED), ...navigator.languages].map((tag) => tag?.split("-")[0]);
  return wanted.find((tag): tag is string => tag !== undefined && LANGUAGES.includes(tag)) ?? DEFAULT;
}

/** How the reader's country writes numbers and dates in a language, such as `en-GB`. */
export function localeOf(language: string): string {
  return navigator.languages.find((tag) => tag.split("-")[0] === language) ?? language;
}

/** The part of a language tag that the shop takes: language and country, such as `de-AT`. */
export function shopLocale(tag: string): string {
  return /^[a-z]{2,3}(-[A-Z]{2}(?![A-Za-z0-9]))?/.exec(tag)?.[0] ?? DEFAULT;
}

export function chooseLanguage(language: string): void {
  localStorage.setItem(STORED, language);
}

export async function loadCatalogue(language: string): Promise<Catalogue> {
  const load = files[`./messages/${language}.ts`];
  if (load === undefined) throw new Error(`There is no language ${language}.`);
  return (await load()).default;
}

/** The texts of the storefront in the reader's language. */
export const useShopI18n = useI18n<Key>;
