/** Starts the storefront. */
import { browserSession } from "@petplus/client";
import { applyTheme } from "@petplus/ui";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./App";
import { chosenLanguage, loadCatalogue } from "./i18n";

applyTheme();
const language = chosenLanguage();
const root = document.querySelector("#root");
if (root === null) throw new Error("The page has no place for the app.");
createRoot(root).render(
  <StrictMode>
    <App session={browserSession()} first={{ language, messages: await loadCatalogue(language) }} />
  </StrictMode>,
);
