/**
 * GraphiQL, served offline. It opens one tab for each file of `graphiql/`, in the order of their names, with the
 * variables that `graphiql/variables.json` has for the file.
 */
import { readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { renderGraphiQL } from "@graphql-yoga/render-graphiql";
import { compress, compressedResponse } from "./compression.mjs";
import { entityTag, isHeld, notModified } from "./entity-tags.mjs";
import { acceptsGzip } from "./negotiation.mjs";

const EXAMPLES = new URL("../graphiql/", import.meta.url);
const VARIABLES = new URL("../graphiql/variables.json", import.meta.url);

function tabs() {
  const variables = JSON.parse(readFileSync(VARIABLES, "utf8"));
  return readdirSync(fileURLToPath(EXAMPLES))
    .filter((name) => name.endsWith(".graphql"))
    .sort()
    .map((name) => ({
      query: readFileSync(new URL(name, EXAMPLES), "utf8"),
      variables: variables[name] && JSON.stringify(variables[name], null, 2),
      headers: JSON.stringify({ Authorization: "" }, null, 2),
    }));
}

/**
 * The options of the page. Its subscriptions use server-sent events, because the page's WebSocket client does not send
 * the Headers tab.
 */
export function graphiqlOptions() {
  return {
    title: "All Pet Plus",
    defaultTabs: tabs(),
    subscriptionsProtocol: "SSE",
    method: "POST",
    shouldPersistHeaders: true,
    logo: "",
  };
}

let page;

/** The page as bytes, rendered once: it has nine megabytes and never changes. */
export function renderPage(options) {
  page ??= new TextEncoder().encode(renderGraphiQL(options).replace("<style>", "<style>body { margin: 0 }"));
  return page;
}

let tag;
let compressed;

async function answerPage({ request, response, setResponse, fetchAPI }) {
  tag ??= entityTag(page);
  response.headers.set("etag", tag);
  response.headers.set("cache-control", "no-cache");
  for (const name of ["accept", "accept-encoding"]) response.headers.append("vary", name);
  if (isHeld(request, tag)) {
    setResponse(notModified(response, fetchAPI));
  } else if (acceptsGzip(request)) {
    compressed ??= compress(page);
    setResponse(compressedResponse(response, await compressed, fetchAPI));
  }
}

/** Lets browsers keep the page and ask whether it has changed, and sends it compressed to those that accept that. */
export function useGraphiqlPage() {
  return {
    onResponse(answer) {
      const isPage = answer.response.headers.get("content-type")?.startsWith("text/html");
      return page !== undefined && isPage ? answerPage(answer) : undefined;
    },
  };
}
