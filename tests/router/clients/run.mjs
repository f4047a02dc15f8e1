/**
 * Runs one client library against a router: `node run.mjs CLIENT URL`. Prints what the application sees, as JSON:
 * `{query, error, events}`: the data of a query, the code of the error of an invalid one, and the versions that a
 * subscription reports while mutations move its order twice.
 */
import { apollo } from "./apollo.mjs";
import { graphqlSse, graphqlWs } from "./graphql-transports.mjs";
import { relay } from "./relay.mjs";
import { urql, urqlPersisted } from "./urql.mjs";

const CLIENTS = {
  apollo,
  relay,
  urql,
  "urql-persisted": urqlPersisted,
  "graphql-sse": graphqlSse,
  "graphql-ws": graphqlWs,
};

const [name, url] = process.argv.slice(2);
process.stdout.write(JSON.stringify(await CLIENTS[name](url, `client ${name}`)));
process.exit(0); // some clients keep connections open
