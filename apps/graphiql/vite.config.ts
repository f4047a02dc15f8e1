/** GraphiQL, which the router serves at `/graphql` in development; its files are at `/graphiql`. */
import { settings } from "../vite.shared.ts";

export default settings({ folder: import.meta.dirname, base: "/graphiql/", port: 4103 });
