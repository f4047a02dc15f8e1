/**
 * Reads what the tools of apps write about their operations: for the releases of other apps in `apps/NAME/VERSION.json`
 * of the folder of operations, and for the apps of this repository in `persisted-documents.NAME.json` of theirs. It is
 * an object of texts by hash (graphql-codegen's `persisted-documents.json`, Relay's `persisted.json`) or Apollo's
 * persisted query manifest. A hash may be written `sha256:…`.
 */
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";

const APOLLO_FORMAT = "apollo-persisted-query-manifest";
const PREFIX = "sha256:";
const OWN_MANIFEST = /^persisted-documents\.([a-z-]+)\.json$/;

function readOperations(path) {
  const manifest = JSON.parse(readFileSync(path, "utf8"));
  const isApollo = manifest.format === APOLLO_FORMAT;
  const found = isApollo ? manifest.operations : Object.entries(manifest).map(([id, body]) => ({ id, body }));
  return found.map(({ id, body }) => {
    if (typeof id !== "string" || typeof body !== "string") throw new Error("it must have texts by their hash");
    return { id: id.startsWith(PREFIX) ? id.slice(PREFIX.length) : id, body };
  });
}

function filesOf(folder, suffix = "") {
  return existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(suffix)).sort() : [];
}

/** The releases of apps whose operations are trusted, by app and version, with the files that they come from. */
export function readReleases(folder) {
  const apps = join(folder, "apps");
  return filesOf(apps).flatMap((app) =>
    filesOf(join(apps, app), ".json").map((file) => {
      const path = join(apps, app, file);
      return { path, release: { name: `${app}@${basename(file, ".json")}`, operations: () => readOperations(path) } };
    }),
  );
}

/** The apps of this repository: each by its name alone, because it is released together with the router. */
export function readOwnApps(folder) {
  return filesOf(folder).flatMap((file) => {
    const [, name] = OWN_MANIFEST.exec(file) ?? [];
    const path = join(folder, file);
    return name ? [{ path, release: { name, operations: () => readOperations(path) } }] : [];
  });
}
