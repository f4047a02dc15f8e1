/**
 * Writes what is generated of the `.graphql` files: `node tools/codegen.mjs [--check]`.
 *
 * Each package gets `src/gql.ts`, its types and documents, and `operations/persisted-documents.PACKAGE.json`, the texts
 * by `sha256:` and the hash, which `petplus operations build` makes trusted documents of. With --check nothing is
 * written, and the exit status is 1 if a file is not up to date.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { createContext, generate } from "@graphql-codegen/cli";

const APPS = fileURLToPath(new URL("..", import.meta.url));
const DIRECTORY = /^(?:.*\/)?([a-z-]+)\/src\/gql\/(graphql\.ts|persisted-documents\.json)$/;

/** Where a file that the preset makes belongs; undefined for those that nothing imports. */
function destination(filename) {
  const [, name, file] = DIRECTORY.exec(filename) ?? [];
  if (file === "persisted-documents.json") return join(APPS, "operations", `persisted-documents.${name}.json`);
  if (file === "graphql.ts") return join(dirname(dirname(join(APPS, relative(APPS, filename)))), "gql.ts");
  return undefined;
}

function isCurrent(path, content) {
  return existsSync(path) && readFileSync(path, "utf8") === content;
}

/** The manifest in the order of its hashes, so that a change of one operation changes one line. */
function sorted(manifest) {
  const entries = Object.entries(JSON.parse(manifest)).toSorted(([one], [other]) => (one < other ? -1 : 1));
  return `${JSON.stringify(Object.fromEntries(entries), null, 2)}\n`;
}

async function main() {
  process.chdir(APPS);
  const context = await createContext({ config: "codegen.ts", silent: true, errorsOnly: true });
  const result = await generate(context, false);
  const files = result.map(({ filename, content }) => [destination(filename), content]).filter(([path]) => path);
  const stale = files
    .map(([path, content]) => [path, path.endsWith(".json") ? sorted(content) : content])
    .filter(([path, content]) => !isCurrent(path, content));
  if (process.argv.includes("--check")) {
    for (const [path] of stale) console.error(`apps/${relative(APPS, path)} is not up to date: run \`petplus apps codegen\`.`);
    process.exitCode = stale.length > 0 ? 1 : 0;
    return;
  }
  for (const [path, content] of stale) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }
}

await main();
