/** Starts the admin. */
import { browserSession } from "@petplus/client";
import { applyTheme } from "@petplus/ui";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./App";

applyTheme();
const root = document.querySelector("#root");
if (root === null) throw new Error("The page has no place for the app.");
createRoot(root).render(
  <StrictMode>
    <App session={browserSession()} />
  </StrictMode>,
);
