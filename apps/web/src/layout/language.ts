/** The language of the storefront, for what lets a visitor choose another. */
import { createContext, useContext } from "react";
import type { Language as GraphLanguage } from "../gql";

interface Language {
  language: string;
  choose: (language: string) => void;
}

export const LanguageContext = createContext<Language>({ language: "en", choose: () => undefined });

export function useLanguage(): Language {
  return useContext(LanguageContext);
}

const OF_THE_GRAPH: readonly GraphLanguage[] = ["EN", "DE", "NL", "FR"];

/** The language in which the graph names what it offers: the visitor's, or English where it has none of its texts. */
export function useGraphLanguage(): GraphLanguage {
  const { language } = useLanguage();
  return OF_THE_GRAPH.find((each) => each.toLowerCase() === language) ?? "EN";
}

/** What a language calls itself, such as Deutsch. */
export function nameOf(language: string): string {
  return new Intl.DisplayNames(language, { type: "language" }).of(language) ?? language;
}
