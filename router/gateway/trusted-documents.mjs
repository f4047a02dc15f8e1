/**
 * Trusted documents: the operations of our own apps, by the SHA-256 hash of their text. A client sends a hash as
 * `documentId` ("sha256:…") or as `extensions.persistedQuery.sha256Hash`. Production runs nothing else unless
 * PETPLUS_OPEN_GRAPH is set. The manifest has the format of Apollo's persisted query manifests.
 */
import { readFileSync } from "node:fs";
import { GraphQLError } from "graphql";
import { rejectOperation } from "./errors.mjs";

const PREFIX = "sha256:";

/** What clients with automatic persisted queries understand: by this message they send the query itself. */
function notSupported() {
  return new GraphQLError("PersistedQueryNotSupported", { extensions: { code: "PERSISTED_QUERY_NOT_SUPPORTED" } });
}

function refusal(code, message) {
  return new GraphQLError(message, { extensions: { code, http: { status: 400 } } });
}

/**
 * Reads the manifest.
 *
 * @returns {Map<string, string>} the texts by their hash
 */
export function readManifest(path) {
  try {
    const { operations } = JSON.parse(readFileSync(path, "utf8"));
    return new Map(operations.map(({ id, body }) => [id, body]));
  } catch (error) {
    throw new Error(`The operations at ${path} cannot be used: ${error.message}`);
  }
}

/** The id of a trusted document that a request names. */
export function idOf({ documentId, extensions }) {
  const id = documentId ?? extensions?.persistedQuery?.sha256Hash;
  return typeof id === "string" && id.startsWith(PREFIX) ? id.slice(PREFIX.length) : id;
}

/**
 * Replaces the id of a trusted document by its text.
 *
 * @param {{operationsPath: string, acceptsAnyDocument: boolean}} settings
 */
export function useTrustedDocuments({ operationsPath, acceptsAnyDocument }) {
  const texts = readManifest(operationsPath);

  function documentText(params) {
    const id = idOf(params);
    if (params.query && !acceptsAnyDocument) {
      const message = "Only operations that are known here run: send the id of one, and no query.";
      throw refusal("PERSISTED_QUERY_ID_REQUIRED", message);
    }
    if (id === undefined && params.query) return params.query;
    if (id === undefined && acceptsAnyDocument) throw refusal("BAD_REQUEST", "Send a query.");
    if (id === undefined) throw refusal("PERSISTED_QUERY_ID_REQUIRED", "Send the id of an operation as documentId.");
    if (params.query) throw refusal("CANNOT_SEND_PQ_ID_AND_BODY", "Send the id of an operation or a query, not both.");
    const text = texts.get(id);
    if (text === undefined && acceptsAnyDocument && params.documentId === undefined) throw notSupported();
    if (text === undefined) throw refusal("PERSISTED_QUERY_NOT_IN_LIST", "There is no operation of this id.");
    return text;
  }

  return {
    onParams({ params, ...operation }) {
      try {
        const { documentId: _, ...rest } = params;
        operation.setParams({ ...rest, query: documentText(params) });
      } catch (error) {
        rejectOperation(operation, error);
      }
    },
  };
}
