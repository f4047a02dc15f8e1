/** Starts the app in the browser. */
import { PAGE_WIRE, browserSession } from "@petplus/client";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App, begin } from "./App";
import type { TextStore } from "./kept";
import type { PathKeeper } from "./places";
import "./page.css";

const BASE = "/mobile";
const KEPT = "petplus-mobile-answers";

const store: TextStore = {
  read: async () => localStorage.getItem(KEPT),
  write: async (text) => localStorage.setItem(KEPT, text),
  remove: async () => localStorage.removeItem(KEPT),
};

const listeners = new Set<() => void>();
const paths: PathKeeper = {
  path: () => location.pathname.slice(BASE.length),
  go(path) {
    history.pushState(null, "", BASE + path);
    for (const listener of listeners) listener();
  },
  subscribe(listener) {
    listeners.add(listener);
    addEventListener("popstate", listener);
    return () => {
      listeners.delete(listener);
      removeEventListener("popstate", listener);
    };
  },
};

const root = document.querySelector("#root");
if (root === null) throw new Error("The page has no place for the app.");
const run = await begin({ name: "Mobile app in a browser", wire: PAGE_WIRE, sessionOver: browserSession, store, paths });
createRoot(root).render(
  <StrictMode>
    <App run={run} />
  </StrictMode>,
);
