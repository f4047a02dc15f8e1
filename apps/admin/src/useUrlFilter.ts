/** Filters that are in the address, so that a view can be kept, shared and gone back to. */
import { useSearchParams } from "wouter";

export interface UrlFilter {
  get: (name: string) => string;
  /** Sets one value. Every filter but the cursor starts the list anew. */
  set: (name: string, value: string) => void;
  reset: () => void;
  /** The address's `?` and what follows it, with another value of one filter. */
  with: (name: string, value: string) => string;
  /** Whether the list is a part of what there is. */
  isSet: boolean;
  /** All filters as the address has them, without the cursor. */
  text: string;
}

export const CURSOR = "after";

export function useUrlFilter(): UrlFilter {
  const [params, setParams] = useSearchParams();
  const kept = new URLSearchParams(params);
  kept.delete(CURSOR);

  function changed(name: string, value: string): URLSearchParams {
    const next = new URLSearchParams(name === CURSOR ? params : kept);
    if (value === "") next.delete(name);
    else next.set(name, value);
    return next;
  }

  return {
    isSet: params.size > 0,
    text: kept.toString(),
    get: (name) => params.get(name) ?? "",
    set(name, value) {
      // A page of the list is a step back in the browser; a letter of a search is none.
      setParams(changed(name, value), { replace: name !== CURSOR });
    },
    reset: () => setParams({}),
    with: (name, value) => `?${changed(name, value)}`,
  };
}

/** The moment at which a day of the address begins here, `later` days on; undefined for what is no day. */
export function dayStart(text: string, later = 0): string | undefined {
  const [year = 0, month = 0, day = 0] = /^\d{4}-\d\d-\d\d$/.test(text) ? text.split("-").map(Number) : [];
  return year === 0 ? undefined : new Date(year, month - 1, day + later).toISOString();
}

/** The value of a filter as one of those that there are; undefined for any other text. */
export function oneOf<Value extends string>(text: string, values: readonly Value[]): Value | undefined {
  return values.find((each) => each === text);
}
