/** What the builds of the apps have in common. */
import { join } from "node:path";
import react from "@vitejs/plugin-react";
import type { UserConfig } from "vite";

interface App {
  folder: string;
  /** The path at which the router serves it. */
  base: string;
  /** The port of its development server. */
  port: number;
}

const ROUTER = process.env["DEV_ROUTER_URL"] ?? "http://127.0.0.1:4000";

export function settings({ folder, base, port }: App): UserConfig {
  return {
    root: folder,
    base,
    plugins: [react()],
    worker: { format: "es" },
    server: { host: "127.0.0.1", port, strictPort: true, proxy: { "/graphql": ROUTER, "/ready": ROUTER } },
    build: {
      outDir: join(folder, "dist"),
      target: "es2024",
      // Browsers of this target know module preloading; the polyfill would be a script inside the page.
      modulePreload: { polyfill: false },
      assetsInlineLimit: 0,
      reportCompressedSize: false,
    },
    logLevel: "warn",
  };
}
