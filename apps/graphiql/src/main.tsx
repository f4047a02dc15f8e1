/** Starts GraphiQL. */
import "graphiql/setup-workers/vite";
import "graphiql/style.css";
import { createRoot } from "react-dom/client";
import { App } from "./App";
import "./Page.css";

const root = document.querySelector("#root");
if (root === null) throw new Error("The page has no place for GraphiQL.");
createRoot(root).render(<App />);
