/** The currency that a visitor has chosen, kept in this browser. */
import type { CurrencyCode } from "./gql";

const STORED = "petplus-currency";
const DEFAULT: CurrencyCode = "EUR";
const KNOWN: ReadonlySet<string> = new Set<CurrencyCode>(["EUR", "GBP", "USD", "CHF", "JPY"]);
const listeners = new Set<() => void>();

function isKnown(text: string | null): text is CurrencyCode {
  return text !== null && KNOWN.has(text);
}

export function hasChosenCurrency(): boolean {
  return isKnown(localStorage.getItem(STORED));
}

export function chosenCurrency(): CurrencyCode {
  const stored = localStorage.getItem(STORED);
  return isKnown(stored) ? stored : DEFAULT;
}

export function chooseCurrency(currency: CurrencyCode): void {
  localStorage.setItem(STORED, currency);
  for (const listener of listeners) listener();
}

export function subscribeToCurrency(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
