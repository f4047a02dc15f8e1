/**
 * What clients learn about errors. Three kinds reach them: errors that a subgraph or the router states itself (a
 * message and a code, kept), a subgraph that cannot be reached or understood (its domain and a code, nothing else),
 * and everything else (one constant message). The whole error goes to the log.
 */
import { GraphQLError } from "graphql";
import { requestIdOf } from "./headers.mjs";
import { logEvent } from "./log.mjs";

const PRIVATE_EXTENSIONS = ["http", "request", "response", "exception", "stacktrace", "originalError", "unexpected"];

/** The error that stands for a subgraph that is down, late or talks nonsense. */
export function unavailableError(service) {
  return new GraphQLError(`The ${service} service is unavailable.`, {
    extensions: { code: "SUBGRAPH_UNAVAILABLE", service },
  });
}

/**
 * Answers an operation with an error before it is read any further; for the hooks named `onParams`. Those that come
 * after find nothing wrong with what takes its place.
 */
export function rejectOperation({ setParams, setResult }, error) {
  setParams({ query: "{ __typename }" });
  setResult({ errors: [error] });
}

/** The last event of a subscription that was cut: the client resumes with the last version that it saw. */
export function interruptedError(service) {
  return new GraphQLError(
    `The ${service} service interrupted the subscription. Subscribe again, after the last version you saw.`,
    { extensions: { code: "SUBSCRIPTION_INTERRUPTED", service } },
  );
}

/** That our own signature is refused is a fault of the operator's, and none of the client's. */
function isSubgraphError(error) {
  return typeof error?.message === "string" && error.extensions?.code !== "REQUEST_NOT_SIGNED";
}

function publicExtensions(extensions, fallbackCode) {
  const kept = Object.entries(extensions ?? {}).filter(([key]) => !PRIVATE_EXTENSIONS.includes(key));
  return { code: fallbackCode, ...Object.fromEntries(kept) };
}

/**
 * What stands for the answer that a subgraph did not give.
 *
 * @param {string} service
 * @param {Error & {code?: string}} error why; only its code is told, for its message may quote the answer
 * @param {Request} [request] the client's
 */
export function unavailableResult(service, error, request) {
  logEvent("error", "a subgraph is unavailable", {
    service,
    reason: error.code ?? error.name,
    requestId: request && requestIdOf(request),
  });
  return { errors: [unavailableError(service)] };
}

/**
 * @param {string} service the subgraph that answered
 * @param {{data?: unknown, errors?: unknown}} result its answer
 * @param {Request} [request] the client's
 */
export function publicResult(service, result, request) {
  const isValid = Array.isArray(result?.errors) ? result.errors.every(isSubgraphError) : result?.errors == null;
  if (!isValid || (result?.data == null && !result?.errors?.length)) {
    return unavailableResult(service, { code: result?.errors?.[0]?.extensions?.code ?? "NONSENSE" }, request);
  }
  if (result.errors == null) return result;
  const errors = result.errors.map(
    ({ message, path, extensions }) =>
      new GraphQLError(message, { path, extensions: publicExtensions(extensions, "SUBGRAPH_ERROR") }),
  );
  return { ...result, errors };
}

/** Whether only GraphQL itself found fault with the request: a wrong variable wraps what its type said of it. */
function isRequestError(error) {
  let cause = error;
  while (cause instanceof GraphQLError && cause.originalError !== undefined) cause = cause.originalError;
  return cause instanceof GraphQLError;
}

/** What GraphQL suggests of names for values tells of the schema; all such sentences come last. */
function withoutSuggestions(error) {
  const [message] = error.message.split(" Did you mean ");
  if (message === error.message) return error;
  return new GraphQLError(message, { nodes: error.nodes, path: error.path, extensions: error.extensions });
}

/** Tells of what validation found the place alone: its words name types and fields that the client did not. */
export function useMaskedValidation() {
  return {
    onValidate() {
      return ({ result, setResult }) =>
        setResult(result.map(({ nodes }) => new GraphQLError("The document does not fit the graph.", { nodes })));
    },
  };
}

/**
 * The last mask, over every error of every answer but those of validation; for the gateway's `maskedErrors`.
 *
 * @returns {(error: unknown) => GraphQLError}
 */
export function createErrorMask({ isProduction }) {
  return isProduction ? (error) => withoutSuggestions(maskError(error)) : maskError;
}

/**
 * Every subgraph keeps what its own schema promises. So what is promised is missing from a merged answer only where one
 * room refers to a thing that another does not show: it is gone, or not for this caller, and nothing tells which.
 */
const NULL_IN_NON_NULLABLE = /^Cannot return null for non-nullable field /;

function maskError(error) {
  const code = error?.extensions?.code;
  if (error instanceof GraphQLError) {
    if (code === undefined && error.path !== undefined && NULL_IN_NON_NULLABLE.test(error.message)) {
      const message = "This does not exist, or is not for you to see.";
      return new GraphQLError(message, { path: error.path, extensions: { code: "NOT_FOUND" } });
    }
    if (typeof code === "string" && code !== "INTERNAL_SERVER_ERROR") {
      delete error.extensions.originalError;
      return error;
    }
    if (code === undefined && error.path === undefined && isRequestError(error)) {
      error.extensions.code = "BAD_USER_INPUT";
      return error;
    }
  }
  logEvent("error", "an error was masked", { error });
  return new GraphQLError("Internal server error", {
    path: error?.path,
    extensions: { code: "INTERNAL_SERVER_ERROR", http: error?.extensions?.http },
  });
}
