/**
 * GraphiQL, which `apps/graphiql` builds: its page is served at the address of the graph, to browsers that open that as a
 * page. Its files are those of an app.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { entityTag, isHeld, notModified } from "./entity-tags.mjs";

const NOT_BUILT = "<!doctype html><title>GraphiQL</title><p>GraphiQL is not built. Run <code>petplus apps build</code>, then start the router again.";

/**
 * Reads the page.
 *
 * @param {{appsPath: string}} settings
 * @returns `options`, what the gateway takes as `graphiql`; `render()`, the page; `useCaching()`, which lets browsers keep
 *   the page and ask whether it has changed
 */
export function readGraphiql({ appsPath }) {
  const path = join(appsPath, "graphiql", "dist", "index.html");
  const page = existsSync(path) ? readFileSync(path, "utf8") : NOT_BUILT;
  const tag = entityTag(Buffer.from(page));

  function answerPage({ request, response, setResponse, fetchAPI }) {
    response.headers.set("etag", tag);
    response.headers.set("cache-control", "no-cache");
    response.headers.append("vary", "accept");
    if (isHeld(request, tag)) setResponse(notModified(response, fetchAPI));
  }

  return {
    options: { title: "All Pet Plus" },
    render: () => page,
    useCaching: () => ({
      onResponse(answer) {
        if (answer.response.headers.get("content-type")?.startsWith("text/html")) answerPage(answer);
      },
    }),
  };
}
