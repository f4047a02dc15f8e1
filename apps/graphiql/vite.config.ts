/** GraphiQL, which the router serves at `/graphql` in development; its files are at `/graphiql`. */
import { settings } from "../vite.shared.ts";

export default {
  ...settings({ folder: import.meta.dirname, base: "/graphiql/", port: 4103 }),
  optimizeDeps: {
    // They import workers as `?worker`, which Vite's bundler of dependencies does not read.
    exclude: ["graphiql/setup-workers/vite", "@graphiql/react/setup-workers/vite"],
    // The worker of GraphQL is served as it is, and these two of its imports are no modules.
    include: ["nullthrows", "picomatch-browser"],
  },
};
