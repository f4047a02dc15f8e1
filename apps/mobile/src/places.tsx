/** Where in the app one is. The browser keeps it in its address; native apps keep a stack. */
import { createContext, useContext, useState, useSyncExternalStore, type ReactNode } from "react";

export type Place = { screen: "home" } | { screen: "logIn" } | { screen: "design" | "order"; id: string };

const BY_ID = { designs: "design", orders: "order" } as const;
const HOME: Place = { screen: "home" };

/** The place of a path such as `/orders/ord_1`; of any other, home. */
export function placeOf(path: string): Place {
  const [, first = "", id] = path.split("/");
  if (first === "log-in") return { screen: "logIn" };
  const screen = Object.entries(BY_ID).find(([name]) => name === first)?.[1];
  return screen && id ? { screen, id } : HOME;
}

export function pathOf(place: Place): string {
  if (place.screen === "home") return "/";
  return place.screen === "logIn" ? "/log-in" : `/${place.screen}s/${place.id}`;
}

/** What keeps the path, and tells when it has changed. */
export interface PathKeeper {
  path(): string;
  go(path: string): void;
  subscribe(listener: () => void): () => void;
}

/** The paths that were gone to. `back` returns whether there was a former one. */
export class PathStack implements PathKeeper {
  #paths: readonly string[] = ["/"];
  readonly #listeners = new Set<() => void>();

  path(): string {
    return this.#paths.at(-1) ?? "/";
  }

  go(path: string): void {
    // Home is the bottom of the stack, so that one is never there twice.
    this.#show(path === "/" ? ["/"] : [...this.#paths, path]);
  }

  back(): boolean {
    if (this.#paths.length < 2) return false;
    this.#show(this.#paths.slice(0, -1));
    return true;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #show(paths: readonly string[]): void {
    this.#paths = paths;
    for (const listener of this.#listeners) listener();
  }
}

const PathContext = createContext<PathKeeper | null>(null);

export function PlaceProvider({ keeper, children }: { keeper: PathKeeper; children: ReactNode }) {
  return <PathContext value={keeper}>{children}</PathContext>;
}

/** The place, and the function that goes to another. */
export function usePlace(): [Place, (place: Place) => void] {
  const keeper = useContext(PathContext);
  if (keeper === null) throw new Error("usePlace is used outside of PlaceProvider.");
  const [subscribe] = useState(() => (listener: () => void) => keeper.subscribe(listener));
  const path = useSyncExternalStore(subscribe, () => keeper.path());
  return [placeOf(path), (place) => keeper.go(pathOf(place))];
}
