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
export function unavailable(service) {
  return new GraphQLError(`The ${service} service is unavailable.`, {
    extensions: { code: "SUBGRAPH_UNAVAILABLE", service },
  });
}

/**
 * Answers an operation with an error before it is read any further; for the hooks named `onParams`. Those that come
 * after find nothing wrong with what takes its place.
 */
export function refuse({ setParams, setResult }, error) {
  setParams({ query: "{ __typename }" });
  setResult({ errors: [error] });
}

/** The last event of a subscription that was cut: the client resumes with the last version that it saw. */
export function interrupted(service) {
  return new GraphQLError(
    `The ${service} service interrupted the subscription. Subscribe again, after the last version you saw.`,
    { extensions: { code: "SUBSCRIPTION_INTERRUPTED", service } },
  );
}

function statedBySubgraph(error) {
  return (
    typeof error?.message === "string" &&
    error.originalError == null &&
    error.extensions?.request === undefined &&
    // That our own signature is refused is a fault of the operator's, and none of the client's.
    error.extensions?.code !== "REQUEST_NOT_SIGNED"
  );
}

function publicExtensions(extensions, fallbackCode) {
  const kept = Object.entries(extensions ?? {}).filter(([key]) => !PRIVATE_EXTENSIONS.includes(key));
  return { code: fallbackCode, ...Object.fromEntries(kept) };
}

/** The reason alone: the message of a transport error may quote the answer or the request. */
function logUnavailable(service, error, request) {
  const cause = error?.originalError;
  const reason = cause?.code ?? error?.extensions?.code ?? cause?.extensions?.code ?? cause?.name;
  const requestId = request && requestIdOf(request);
  logEvent("error", "a subgraph is unavailable", { service, reason, requestId });
}

/**
 * @param {string} service the subgraph that answered
 * @param {{data?: unknown, errors?: unknown}} result its answer, or what the transport made of its silence
 * @param {Request} [request] the client's
 */
export function publicResult(service, result, request) {
  if (result?.errors == null) return result;
  const stated = Array.isArray(result.errors) ? result.errors : [undefined];
  const errors = stated.map((error) => {
    if (statedBySubgraph(error)) {
      return new GraphQLError(error.message, {
        path: error.path,
        extensions: publicExtensions(error.extensions, "SUBGRAPH_ERROR"),
      });
    }
    logUnavailable(service, error, request);
    return unavailable(service);
  });
  return { ...result, errors };
}

function wasAborted(result) {
  return result?.errors?.some?.((error) => ["AbortError", "Aborted"].includes(error?.originalError?.name ?? error?.name));
}

/**
 * Executes a query, again where the fetch that it shared with equal ones was another client's, who left: all of
 * those then share the next one. Only queries share fetches.
 */
async function execute(executor, execution) {
  for (;;) {
    const result = await executor(execution);
    const isOurs = execution.signal?.aborted || execution.context?.request?.signal?.aborted;
    if (execution.operationType !== "query" || isOurs || !wasAborted(result)) return result;
  }
}

/** Replaces what the transport says about a failing subgraph, before it is merged into the answer. */
export function useSubgraphErrors() {
  return {
    onSubgraphExecute({ subgraphName, executor, setExecutor }) {
      setExecutor(async (execution) => {
        const { request } = execution.context;
        try {
          const result = await execute(executor, execution);
          return Symbol.asyncIterator in result ? result : publicResult(subgraphName, result, request);
        } catch (originalError) {
          const failure = new GraphQLError("the executor failed", { originalError });
          return publicResult(subgraphName, { errors: [failure] }, request);
        }
      });
    },
  };
}

/** Whether only GraphQL itself found fault with the request: a wrong variable wraps what its type said of it. */
function statedByGraphQL(error) {
  let cause = error;
  while (cause instanceof GraphQLError && cause.originalError !== undefined) cause = cause.originalError;
  return cause instanceof GraphQLError;
}

/** What GraphQL suggests of names for values tells of the schema; all such sentences come last. */
function withoutSuggestions(error) {
  const [said] = error.message.split(" Did you mean ");
  if (said === error.message) return error;
  return new GraphQLError(said, { nodes: error.nodes, path: error.path, extensions: error.extensions });
}

/** Tells of what validation found the place alone: its words name types and fields that the client did not. */
export function useUnfitDocuments() {
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
export function maskFor({ isProduction }) {
  return isProduction ? (error) => withoutSuggestions(maskError(error)) : maskError;
}

/**
 * Every subgraph keeps what its own schema promises. So what is promised is missing from a merged answer only where one
 * room refers to a thing that another does not show: it is gone, or not for this caller, and nothing tells which.
 */
const WITHHELD = /^Cannot return null for non-nullable field /;

function maskError(error) {
  const code = error?.extensions?.code;
  if (error instanceof GraphQLError) {
    if (code === undefined && error.path !== undefined && WITHHELD.test(error.message)) {
      const message = "This does not exist, or is not for you to see.";
      return new GraphQLError(message, { path: error.path, extensions: { code: "NOT_FOUND" } });
    }
    if (typeof code === "string" && code !== "INTERNAL_SERVER_ERROR") {
      delete error.extensions.originalError;
      return error;
    }
    if (code === undefined && error.path === undefined && statedByGraphQL(error)) {
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
