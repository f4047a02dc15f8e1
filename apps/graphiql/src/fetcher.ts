/** How GraphiQL reaches the graph: operations as they come, with the session's token, and streams that resume. */
import { PAGE_WIRE, follow, growingPause, type StreamResult } from "@petplus/client";
import type { GraphiQLProps } from "graphiql";
import { getOperationAST, parse } from "graphql";
import { GRAPH, bearer, send, type Operation } from "./graph";
import type { Monitor } from "./monitor";
import type { DemoSession } from "./session";

type Fetcher = GraphiQLProps["fetcher"];
type Given = Record<string, string>;

/** The headers of the Headers tab. One that is written there goes before the session's. */
function given(headers: unknown): Given {
  const entries = Object.entries((headers ?? {}) as Record<string, unknown>);
  return Object.fromEntries(entries.map(([name, value]) => [name.toLowerCase(), String(value)]));
}

/**
 * Which operation of a document runs, and whether it is a subscription. For a moment after a change of tabs GraphiQL still
 * names the operation of the tab before; a document with one operation needs no name.
 */
function chosen(query: string, given: string | null): { operationName: string | null; isSubscription: boolean } {
  try {
    const document = parse(query, { noLocation: true });
    const operation = getOperationAST(document, given) ?? getOperationAST(document);
    return {
      operationName: operation?.name?.value ?? given,
      isSubscription: operation?.operation === "subscription",
    };
  } catch {
    return { operationName: given, isSubscription: false }; // the graph says what is wrong with the text
  }
}

export function createFetcher(session: DemoSession, monitor: Monitor): Fetcher {
  async function ask(operation: Operation, headers: Given) {
    const result = await send(operation, { ...bearer(await session.token()), ...headers });
    if (operation.operationName !== "IntrospectionQuery") monitor.showCost(result.extensions?.cost);
    return result;
  }

  function subscribe(operation: Operation, headers: Given) {
    return {
      subscribe({ next, complete }: { next: (value: StreamResult) => void; complete: () => void }) {
        const stopping = new AbortController();
        monitor.begin();
        const following = follow({
          documentId: "",
          variables: (operation.variables ?? {}) as Record<string, unknown>,
          token: () => session.token(),
          onRefused: () => void session.renew(),
          onResult(result) {
            monitor.record(result);
            next(result);
          },
          onConnected: () => undefined,
          pause: (attempt, signal) => monitor.untilResumed() ?? growingPause(attempt, signal),
          signal: stopping.signal,
          wire: textWire(operation, headers, monitor),
        });
        void following.finally(() => {
          monitor.end();
          complete();
        });
        return {
          unsubscribe() {
            stopping.abort();
            monitor.resume();
          },
        };
      },
    };
  }

  return ({ query, operationName: named = null, variables }, options) => {
    const { operationName, isSubscription } = chosen(query, named);
    const operation = { query, operationName, variables: variables as unknown };
    const headers = given(options?.headers);
    if (isSubscription) return subscribe(operation, headers) as ReturnType<Fetcher>;
    return ask(operation, headers) as ReturnType<Fetcher>;
  };
}

/** Sends the text of an operation in place of an id, with the variables that a stream is resumed with. */
function textWire({ query, operationName }: Operation, headers: Given, monitor: Monitor) {
  return {
    ...PAGE_WIRE,
    url: GRAPH,
    hasCookie: false,
    fetch(url: RequestInfo | URL, init: RequestInit = {}) {
      const { variables } = JSON.parse(String(init.body)) as { variables: unknown };
      const signals = [monitor.connect(), ...(init.signal ? [init.signal] : [])];
      return fetch(url, {
        ...init,
        headers: { ...(init.headers as Given), ...headers },
        body: JSON.stringify({ query, operationName, variables }),
        signal: AbortSignal.any(signals),
      });
    },
  };
}
