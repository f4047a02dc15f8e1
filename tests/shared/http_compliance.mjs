// Prints what graphql-http's audit of servers finds at an address, as JSON: [{name, status}].
import { createRequire } from "node:module";

const { auditServer } = createRequire(new URL("../../router/server.mjs", import.meta.url))("graphql-http");

const [url] = process.argv.slice(2);
const results = await auditServer({ url, fetchFn: fetch });
process.stdout.write(JSON.stringify(results.map(({ name, status, reason }) => ({ name, status, reason }))));
