/**
 * Checks a server for compliance with GraphQL over HTTP by the audits of graphql-http:
 * `node tools/http-compliance.mjs URL`. Prints the failed audits of the levels MUST and SHOULD as a JSON array of
 * `{id, name, reason}`, and exits with status 1 if there are any.
 */
import { serverAudits } from "graphql-http";

const [url] = process.argv.slice(2);
const results = await Promise.all(serverAudits({ url, fetchFn: fetch }).map((audit) => audit.fn()));
const failures = results
  .filter(({ status, name }) => status === "error" || (status !== "ok" && !name.startsWith("MAY")))
  .map(({ id, name, reason }) => ({ id, name, reason }));
process.stdout.write(`${JSON.stringify(failures, null, 2)}\n`);
process.exitCode = failures.length > 0 ? 1 : 0;
