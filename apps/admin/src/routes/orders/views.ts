/** Named views in this browser: what the address says of filters and sort. */

export interface View {
  name: string;
  /** The address after `?`. */
  text: string;
}

const KEY = "petplus-order-views";
const MOST = 20;

function isView(value: unknown): value is View {
  const { name, text } = (value ?? {}) as Partial<View>;
  return typeof name === "string" && typeof text === "string";
}

/** What is stored; nothing of it where it is not what this page has stored. */
export function parseViews(stored: string | null): readonly View[] {
  try {
    const found: unknown = JSON.parse(stored ?? "[]");
    return Array.isArray(found) ? found.filter(isView).slice(0, MOST) : [];
  } catch {
    return [];
  }
}

/** The views with one more, in place of one of the same name. The oldest make room. */
export function withView(views: readonly View[], view: View): readonly View[] {
  return [...views.filter(({ name }) => name !== view.name), view].slice(-MOST);
}

export function readViews(): readonly View[] {
  return parseViews(localStorage.getItem(KEY));
}

export function storeViews(views: readonly View[]): void {
  localStorage.setItem(KEY, JSON.stringify(views));
}
