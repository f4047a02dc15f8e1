/** What somebody was designing in this browser, kept until it is saved. */
import type { Config } from "./config";

export interface Draft {
  name: string | null;
  config: Config;
}

/** Each product has one draft, and each preset and design that was opened. */
function keyOf(source: string): string {
  return `petplus-draft-${source}`;
}

export function readDraft(source: string): Draft | null {
  const stored = sessionStorage.getItem(keyOf(source));
  return stored === null ? null : (JSON.parse(stored) as Draft);
}

export function keepDraft(source: string, draft: Draft): void {
  sessionStorage.setItem(keyOf(source), JSON.stringify(draft));
}

export function dropDraft(source: string): void {
  sessionStorage.removeItem(keyOf(source));
}
