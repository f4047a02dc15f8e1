/** The urql client of the apps: normalised cache, session, streams that resume, and ids of documents on the wire. */
import { authExchange } from "@urql/exchange-auth";
import {
  Client,
  fetchExchange,
  makeOperation,
  mapExchange,
  subscriptionExchange,
  type DocumentInput,
  type Exchange,
  type Operation,
} from "@urql/core";
import type { CacheExchangeOpts } from "@urql/exchange-graphcache";
import { parse } from "@0no-co/graphql.web";
import { createCache } from "./cache";
import { follow } from "./follow";
import type { LiveStatus } from "./live";
import type { Session } from "./session";
import { PAGE_WIRE, headersOf, idOf, type Document, type Wire } from "./wire";

type Parsed<Result, Variables> = DocumentInput<Result, Variables & Record<string, unknown>>;

const parsed = new WeakMap<object, object>();
const ids = new Map<string, string>();

/** A document in the form that urql and its cache work with. Its operation's name leads to its id. */
export function documentOf<Result, Variables>(document: Document<Result, Variables>): Parsed<Result, Variables> {
  let found = parsed.get(document);
  if (found === undefined) {
    found = parse(document.toString(), { noLocation: true });
    parsed.set(document, found);
    ids.set(nameOf(found as ReturnType<typeof parse>), idOf(document));
  }
  return found as Parsed<Result, Variables>;
}

function nameOf({ definitions }: Operation["query"]): string {
  const operation = definitions.find((each) => each.kind === "OperationDefinition");
  return operation && "name" in operation ? (operation.name?.value ?? "") : "";
}

/** The id of what is sent. The cache adds `__typename` to its own copy of a document, and so did codegen. */
function documentIdOf({ query }: Operation): string {
  const id = ids.get(nameOf(query));
  if (id === undefined) throw new Error(`${nameOf(query)} was not made by codegen.`);
  return id;
}

/** Puts the id in place of the text. */
function trustedDocuments(): Exchange {
  const originals = new WeakMap<object, Operation>();
  return mapExchange({
    onOperation(operation) {
      if (operation.kind === "teardown") return operation;
      const query = { kind: "Document", definitions: [], documentId: documentIdOf(operation) };
      const sent = { ...makeOperation(operation.kind, operation), query: query as unknown as Operation["query"] };
      originals.set(query, operation);
      return sent;
    },
    onResult: (result) => ({ ...result, operation: originals.get(result.operation.query) ?? result.operation }),
  });
}

function withSession(session: Session, wire: Wire): Exchange {
  return authExchange(async () => ({
    addAuthToOperation(operation) {
      const fetchOptions = { headers: headersOf(wire, session.heldToken) };
      return makeOperation(operation.kind, operation, { ...operation.context, fetchOptions });
    },
    willAuthError: () => session.state.status !== "signedOut" && !session.hasFreshToken,
    didAuthError: ({ graphQLErrors }) =>
      session.heldToken !== null && graphQLErrors.some(({ extensions }) => extensions["code"] === "UNAUTHENTICATED"),
    async refreshAuth() {
      if (session.hasFreshToken) session.refuse(session.heldToken);
      // Where nobody answers, the operation itself tells of it.
      await session.renew().catch(() => undefined);
    },
  }));
}

function streams(session: Session, live: LiveStatus, wire: Wire): Exchange {
  return subscriptionExchange({
    forwardSubscription: (_, operation) => ({
      subscribe({ next, complete }) {
        const stopping = new AbortController();
        const stream = {};
        const following = follow({
          documentId: documentIdOf(operation),
          variables: (operation.variables ?? {}) as Record<string, unknown>,
          token: () => session.token(),
          onRefused: (token) => session.refuse(token),
          onResult: (result) => next(result as Parameters<typeof next>[0]),
          onConnected: (isConnected) => live.report(stream, isConnected),
          signal: stopping.signal,
          wire,
        });
        void following.finally(() => {
          live.report(stream, true);
          if (!stopping.signal.aborted) complete();
        });
        return { unsubscribe: () => stopping.abort() };
      },
    }),
  });
}

export interface GraphSettings extends Pick<CacheExchangeOpts, "updates" | "storage"> {
  session: Session;
  live: LiveStatus;
  wire?: Wire;
}

/** Makes the client of one viewer. Another viewer gets another, so that nothing of the first is left in the cache. */
export function createGraph({ session, live, wire = PAGE_WIRE, ...caching }: GraphSettings): Client {
  const cache = createCache(caching);
  return new Client({
    url: wire.url,
    fetch: wire.fetch,
    preferGetMethod: false,
    requestPolicy: "cache-and-network",
    exchanges: [cache, withSession(session, wire), streams(session, live, wire), trustedDocuments(), fetchExchange],
  });
}
