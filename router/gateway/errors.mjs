/**
 * What clients see of errors. Three kinds reach them: errors that a subgraph or the router states itself (message and
 * code are kept), a subgraph that is unavailable or returns an invalid response (its name and a code, nothing else),
 * and everything else (one constant message). The log has the whole error.
 */
import { GraphQLError } from "graphql";
import { requestIdOf } from "./headers.mjs";
import { logEvent } from "./log.mjs";

const PRIVATE_EXTENSIONS = ["http", "request", "response", "exception", "stacktrace", "originalError", "unexpected"];

/** The error for a subgraph that is down, times out or returns an invalid response. */
export function unavailableError(service) {
  return new GraphQLError(`The ${service} service is unavailable.`, {
    extensions: { code: "SUBGRAPH_UNAVAILABLE", service },
  });
}

/**
 * Ends an operation with an error, in a hook named `onParams`. The placeholder query passes the checks of the hooks
 * that follow.
 */
export function rejectOperation({ setParams, setResult }, error) {
  setParams({ query: "{ __typename }" });
  setResult({ errors: [error] });
}

/** The last event of an interrupted subscription. The client resumes after the last version that it received. */
export function interruptedError(service) {
  return new GraphQLError(
    `The ${service} service interrupted the subscription. Subscribe again, after the last version you saw.`,
    { extensions: { code: "SUBSCRIPTION_INTERRUPTED", service } },
  );
}

/** A rejected signature is a misconfiguration of the operator, so the client does not see it. */
function isSubgraphError(error) {
  return typeof error?.message === "string" && error.extensions?.code !== "REQUEST_NOT_SIGNED";
}

function publicExtensions(extensions, fallbackCode) {
  const kept = Object.entries(extensions ?? {}).filter(([key]) => !PRIVATE_EXTENSIONS.includes(key));
  return { code: fallbackCode, ...Object.fromEntries(kept) };
}

/**
 * The result in place of a missing response of a subgraph.
 *
 * @param {string} service
 * @param {Error & {code?: string}} error the cause; only its code is logged, because its message may quote the response
 * @param {Request} [request] the client's
 */
export function unavailableResult(service, error, request) {
  logEvent("error", "subgraph unavailable", {
    service,
    reason: error.code ?? error.name,
    requestId: request && requestIdOf(request),
  });
  return { errors: [unavailableError(service)] };
}

/**
 * The part of a subgraph's result that clients may see.
 *
 * @param {string} service the subgraph
 * @param {{data?: unknown, errors?: unknown}} result its response
 * @param {Request} [request] the client's
 */
export function publicResult(service, result, request) {
  const hasValidErrors = Array.isArray(result?.errors) ? result.errors.every(isSubgraphError) : result?.errors == null;
  const hasValidData = result?.data == null || (typeof result.data === "object" && !Array.isArray(result.data));
  if (!hasValidErrors || !hasValidData || (result?.data == null && !result?.errors?.length)) {
    return unavailableResult(service, { code: result?.errors?.[0]?.extensions?.code ?? "INVALID_RESPONSE" }, request);
  }
  if (result.errors == null) return result;
  const errors = result.errors.map(
    ({ message, path, extensions }) =>
      new GraphQLError(message, { path, extensions: publicExtensions(extensions, "SUBGRAPH_ERROR") }),
  );
  return { ...result, errors };
}

/** Whether the error comes from GraphQL itself. The error of an invalid variable wraps the error of its type. */
function isRequestError(error) {
  let cause = error;
  while (cause instanceof GraphQLError && cause.originalError !== undefined) cause = cause.originalError;
  return cause instanceof GraphQLError;
}

/** Removes suggested names, which reveal the schema. Suggestions are always the last sentence. */
function withoutSuggestions(error) {
  const [message] = error.message.split(" Did you mean ");
  if (message === error.message) return error;
  return new GraphQLError(message, { nodes: error.nodes, path: error.path, extensions: error.extensions });
}

/**
 * Keeps only the locations of validation errors: their messages name types and fields that the client did not. Rules of
 * the router give their errors a code, and name nothing.
 */
export function useMaskedValidation() {
  return {
    onValidate() {
      return ({ result, setResult }) =>
        setResult(
          result.map((error) => {
            return error.extensions?.code ? error : new GraphQLError("The document does not fit the graph.", { nodes: error.nodes });
          }),
        );
    },
  };
}

/**
 * Returns the gateway's `maskError`, which sees every error but those of validation.
 *
 * @returns {(error: unknown) => GraphQLError}
 */
export function createErrorMask({ isProduction }) {
  return isProduction ? (error) => withoutSuggestions(maskError(error)) : maskError;
}

function maskError(error) {
  const code = error?.extensions?.code;
  if (error instanceof GraphQLError) {
    if (typeof code === "string" && code !== "INTERNAL_SERVER_ERROR") {
      delete error.extensions.originalError;
      return error;
    }
    if (code === undefined && error.path === undefined && isRequestError(error)) {
      error.extensions.code = "BAD_USER_INPUT";
      return error;
    }
  }
  logEvent("error", "error masked", { error });
  return new GraphQLError("Internal server error", {
    path: error?.path,
    extensions: { code: "INTERNAL_SERVER_ERROR", http: error?.extensions?.http },
  });
}
