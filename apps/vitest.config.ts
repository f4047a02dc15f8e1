/** Unit tests of all packages. A file that draws components says so in its first line: `@vitest-environment happy-dom`. */
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: { include: ["{shared/*,web,admin,mobile,graphiql}/src/**/*.test.{ts,tsx}"], pool: "threads", isolate: false, watch: false },
});
