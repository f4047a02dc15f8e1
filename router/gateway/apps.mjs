/**
 * Serves the built apps: the storefront at `/`, the admin at `/admin` and the screens of the mobile app at `/mobile`; and
 * in development the files of GraphiQL, whose page is at the address of the graph.
 * Their files are few and small, so they are held in memory. A file with a hash in its name never changes; the pages are
 * asked for again each time. Browsers that open any other path as a page get the page of the app, which knows its own
 * paths (deep links). A path that is no file and is not opened as a page is none of the apps'.
 */
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { extname, join, relative, sep } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, gzipSync } from "node:zlib";
import { HSTS } from "./browser-headers.mjs";
import { entityTag, isHeld } from "./entity-tags.mjs";
import { acceptsCoding } from "./negotiation.mjs";

/** The apps, those with longer paths first. */
const APPS = [
  { name: "admin", base: "/admin/" },
  { name: "mobile", base: "/mobile/" },
  { name: "web", base: "/" },
];
const GRAPHIQL = { name: "graphiql", base: "/graphiql/" };
const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".ttf": "font/ttf",
};
/** Vite puts what it names by its hash into this folder. */
const HASHED = "assets/";
const IMMUTABLE = "public, max-age=31536000, immutable";
const NOT_BUILT = "The apps are not built. Run `petplus apps build`, then start the router again.\n";

const compressBrotli = promisify(brotliCompress);

function contentSecurityPolicy(pictureOrigins) {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    ["img-src 'self'", ...pictureOrigins].join(" "),
    "connect-src 'self'",
    "manifest-src 'self'",
    "form-action 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join("; ");
}

function readApp(folder, { name, base }) {
  const root = join(folder, name, "dist");
  if (!existsSync(join(root, "index.html"))) return { base, files: new Map(), page: undefined };
  const entries = readdirSync(root, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && extname(entry.name) in TYPES).map(({ parentPath, name: file }) => {
    const path = relative(root, join(parentPath, file)).split(sep).join("/");
    const content = readFileSync(join(parentPath, file));
    const cacheControl = path.startsWith(HASHED) ? IMMUTABLE : "no-cache";
    const type = TYPES[extname(file)];
    return [`${base}${path}`, { content, type, cacheControl, tag: entityTag(content) }];
  });
  const found = new Map(files);
  return { base, files: found, page: found.get(`${base}index.html`) };
}

/**
 * The smallest form of a file that a client accepts, and its coding. Brotli is an eighth smaller than gzip and takes fifty
 * times as long, so it is made by a thread when it is wanted first; until it is there, gzip is sent.
 */
function encodedFor(request, file) {
  if (acceptsCoding(request, "br")) {
    file.making ??= compressBrotli(file.content).then(
      (content) => (file.smallest = content),
      // Without memory for it, gzip goes on.
      () => undefined,
    );
    if (file.smallest) return { body: file.smallest, coding: "br" };
  }
  return acceptsCoding(request, "gzip") ? { body: (file.zipped ??= gzipSync(file.content)), coding: "gzip" } : { body: file.content };
}

/** Whether a browser opens the path as a page, and does not load it for one. */
function opensPage({ headers }) {
  return (headers.accept ?? "").split(",").some((range) => range.trim().split(";", 1)[0] === "text/html");
}

/** The same request with headers as `acceptsCoding` and `isHeld` read them. */
function readable({ headers }) {
  return { headers: { get: (name) => headers[name] } };
}

/**
 * Reads the apps and makes the function that answers for them.
 *
 * @param {{appsPath: string, pictureOrigins: string[], isProduction: boolean}} settings
 * @returns `find(request)`, which returns a function that answers it on a response, or undefined for a request that the
 *   apps have no answer to
 */
export function createApps({ appsPath, pictureOrigins, isProduction }) {
  const apps = APPS.map((app) => readApp(appsPath, app));
  const ofGraphiql = isProduction ? new Map() : readApp(appsPath, GRAPHIQL).files;
  // Its page is served with the headers that it needs.
  ofGraphiql.delete(`${GRAPHIQL.base}index.html`);
  const headers = {
    "content-security-policy": contentSecurityPolicy(pictureOrigins),
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=()",
    ...(isProduction && { "strict-transport-security": HSTS }),
  };

  function sendFile(request, response, file) {
    const asked = readable(request);
    const own = { ...headers, "cache-control": file.cacheControl, etag: file.tag, vary: "accept-encoding" };
    if (isHeld(asked, file.tag)) return response.writeHead(304, own).end();
    const { body, coding } = encodedFor(asked, file);
    const encoding = coding && { "content-encoding": coding };
    response.writeHead(200, { ...own, ...encoding, "content-type": file.type, "content-length": body.byteLength });
    return response.end(request.method === "HEAD" ? undefined : body);
  }

  function sendNotBuilt(request, response) {
    response.writeHead(503, { ...headers, "cache-control": "no-store", "content-type": "text/plain; charset=utf-8" });
    return response.end(request.method === "HEAD" ? undefined : NOT_BUILT);
  }

  return function find(request) {
    if (request.method !== "GET" && request.method !== "HEAD") return undefined;
    const path = request.url.split("?", 1)[0];
    const app = apps.find(({ base }) => `${path}/`.startsWith(base));
    const file = ofGraphiql.get(path) ?? app?.files.get(path);
    if (file) return (response) => sendFile(request, response, file);
    if (!app || !opensPage(request)) return undefined;
    return (response) => (app.page ? sendFile(request, response, app.page) : sendNotBuilt(request, response));
  };
}
