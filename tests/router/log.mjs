/** Logs the errors by which GraphQL and parsers quote a request, and one of the router itself. */
import { createRequire } from "node:module";
import { ReportedError, logEvent } from "../../router/gateway/log.mjs";

const { GraphQLError } = createRequire(new URL("../../router/server.mjs", import.meta.url))("graphql");

const quoting = new GraphQLError('Argument "input" has invalid value {password: "hunter2"}.', { path: ["a", 0] });
const syntax = new SyntaxError("Unexpected token 'h', \"hunter2\"");
const wrapped = new GraphQLError('Expected "hunter2"', { originalError: syntax });
const own = new ReportedError("the stream ended");
for (const error of [quoting, wrapped, own]) logEvent("error", "tried", { error });
