/**
 * Follows a subscription for as long as it is wanted. A connection that breaks, or over which nothing came for a while,
 * is opened again from the position of the last result, so that nothing is missed and nothing comes twice.
 */
import { readEvents } from "./events";
import { PAGE_WIRE, headersOf, type GraphError, type Wire } from "./wire";

export interface StreamResult {
  data?: Record<string, unknown> | null;
  errors?: GraphError[];
}

/** How a root field of `Subscription` is resumed: which variable takes which value of the last result. */
export interface Resumption {
  variable: string;
  position: string;
}

export const RESUMPTIONS: Readonly<Record<string, Resumption>> = {
  orderStatusChanged: { variable: "afterVersion", position: "version" },
  orderFeed: { variable: "afterCursor", position: "cursor" },
  myOrderFeed: { variable: "afterCursor", position: "cursor" },
  orderUpdated: { variable: "afterCursor", position: "cursor" },
  webhookFeed: { variable: "afterCursor", position: "cursor" },
};

export interface Following {
  documentId: string;
  variables: Record<string, unknown>;
  token: () => Promise<string | null>;
  /** Called with the token that was refused. */
  onRefused: (token: string | null) => void;
  onResult: (result: StreamResult) => void;
  /** Whether results can come at this moment. */
  onConnected: (isConnected: boolean) => void;
  signal: AbortSignal;
  wire?: Wire;
  /** Waits before the next attempt, the first of which is 1. */
  pause?: (attempt: number, signal: AbortSignal) => Promise<void>;
}

/** The router sends a sign of life every 12 seconds. */
const SILENCE_MS = 30_000;
const LONGEST_PAUSE_MS = 15_000;
/** Failures after which the same request may succeed. */
const PASSING = new Set(["SUBGRAPH_UNAVAILABLE", "SUBSCRIPTION_INTERRUPTED", "RATE_LIMITED", "UNAVAILABLE"]);

/** Resolves after a growing time, or as soon as the browser is online again. */
export function growingPause(attempt: number, signal: AbortSignal): Promise<void> {
  const longest = Math.min(LONGEST_PAUSE_MS, 250 * 2 ** attempt);
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, longest * (0.5 + Math.random() / 2));
  addEventListener("online", () => resolve(), { once: true, signal });
  signal.addEventListener("abort", () => resolve(), { once: true });
  return promise.finally(() => clearTimeout(timer));
}

class Interrupted extends Error {}

/** Runs until the server completes the stream, refuses it for good, or `signal` aborts. */
export async function follow(following: Following): Promise<void> {
  const { signal, onConnected, pause = growingPause } = following;
  let variables = following.variables;
  let attempt = 0;
  while (!signal.aborted) {
    try {
      for await (const result of connect(following, variables)) {
        attempt = 0;
        if (isPassing(result)) throw new Interrupted();
        following.onResult(result);
        variables = resumed(variables, result);
        if (result.errors && !result.data) return;
      }
      return;
    } catch {
      if (signal.aborted) return;
    } finally {
      onConnected(false);
    }
    attempt += 1;
    await pause(attempt, signal);
  }
}

/** Opens one connection and yields its results; throws when it breaks. */
async function* connect(following: Following, variables: Record<string, unknown>): AsyncGenerator<StreamResult> {
  const silence = new AbortController();
  let timer = setTimeout(() => silence.abort(), SILENCE_MS);
  try {
    const { token: tokenOf, wire = PAGE_WIRE } = following;
    const token = await tokenOf();
    const response = await wire.fetch(wire.url, {
      method: "POST",
      headers: headersOf(wire, token, "text/event-stream"),
      body: JSON.stringify({ documentId: following.documentId, variables }),
      signal: AbortSignal.any([following.signal, silence.signal]),
    });
    if (!response.body || response.status >= 500) throw new Interrupted();
    if (!response.headers.get("content-type")?.startsWith("text/event-stream")) {
      yield checked((await response.json()) as StreamResult, following, token);
      return;
    }
    for await (const event of readEvents(response.body)) {
      clearTimeout(timer);
      timer = setTimeout(() => silence.abort(), SILENCE_MS);
      following.onConnected(true);
      if (event.kind === "complete") return;
      if (event.kind === "next") yield checked(JSON.parse(event.data) as StreamResult, following, token);
    }
    throw new Interrupted();
  } finally {
    clearTimeout(timer);
  }
}

function checked(result: StreamResult, following: Following, token: string | null): StreamResult {
  const isRefused = result.errors?.some(({ extensions }) => extensions?.code === "UNAUTHENTICATED");
  if (isRefused && token !== null && !result.data) {
    following.onRefused(token);
    throw new Interrupted();
  }
  return result;
}

function isPassing({ data, errors }: StreamResult): boolean {
  return !data && (errors ?? []).some(({ extensions }) => PASSING.has(extensions?.code ?? ""));
}

function resumed(variables: Record<string, unknown>, { data }: StreamResult): Record<string, unknown> {
  for (const [field, value] of Object.entries(data ?? {})) {
    const resumption = RESUMPTIONS[field];
    if (resumption && typeof value === "object" && value !== null) {
      return { ...variables, [resumption.variable]: (value as Record<string, unknown>)[resumption.position] };
    }
  }
  return variables;
}
