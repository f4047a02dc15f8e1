/** Light, dark, or as the system has it. The choice stays in this browser. */
import { useSyncExternalStore } from "react";

export type Theme = "system" | "light" | "dark";

const KEY = "petplus-theme";
const listeners = new Set<() => void>();
export const THEMES: readonly Theme[] = ["system", "light", "dark"];

function isTheme(value: string | null): value is Theme {
  return THEMES.some((each) => each === value);
}

export function hasChosenTheme(): boolean {
  return isTheme(localStorage.getItem(KEY));
}

function chosen(): Theme {
  const stored = localStorage.getItem(KEY);
  return isTheme(stored) ? stored : "system";
}

function apply(theme: Theme): void {
  if (theme === "system") delete document.documentElement.dataset["theme"];
  else document.documentElement.dataset["theme"] = theme;
}

/** Applies the stored choice before anything is drawn. */
export function applyTheme(): void {
  apply(chosen());
}

/** Chooses a theme for this browser. */
export function chooseTheme(theme: Theme): void {
  localStorage.setItem(KEY, theme);
  apply(theme);
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useTheme(): Theme {
  return useSyncExternalStore(subscribe, chosen);
}
