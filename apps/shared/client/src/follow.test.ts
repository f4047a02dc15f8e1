/** Streams that resume: nothing is missed, nothing comes twice, and what is refused for good ends. */
import { expect, test } from "vitest";
import { follow, type Following, type StreamResult } from "./follow";
import { PAGE_WIRE } from "./wire";

interface Connection {
  chunks: string[];
  /** How it ends: an error cuts it. */
  isCut?: boolean;
}

const LOST = { errors: [{ message: "away", extensions: { code: "SUBGRAPH_UNAVAILABLE" } }] };
const DENIED = { data: null, errors: [{ message: "no", extensions: { code: "FORBIDDEN" } }] };
const EXPIRED = { data: null, errors: [{ message: "old", extensions: { code: "UNAUTHENTICATED" } }] };

function change(version: number): string {
  return next({ data: { orderStatusChanged: { version } } });
}

function next(result: StreamResult): string {
  return `event: next\ndata: ${JSON.stringify(result)}\n\n`;
}

function bodyOf({ chunks, isCut }: Connection): ReadableStream<Uint8Array<ArrayBuffer>> {
  const left = chunks.map((chunk) => new TextEncoder().encode(chunk));
  return new ReadableStream({
    pull(controller) {
      const chunk = left.shift();
      if (chunk) controller.enqueue(chunk);
      else if (isCut) controller.error(new TypeError("network error"));
      else controller.close();
    },
  });
}

/** Follows through the given connections, one after the other; returns what was seen. */
async function run(connections: (Connection | StreamResult | null)[], changes: Partial<Following> = {}) {
  const seen: StreamResult[] = [];
  const asked: Record<string, unknown>[] = [];
  const connected: boolean[] = [];
  const attempts: number[] = [];
  const stopping = new AbortController();
  const opened = async (_path: unknown, options?: RequestInit): Promise<Response> => {
    asked.push(JSON.parse(String(options?.body)).variables);
    const connection = connections.shift();
    if (connection === undefined) stopping.abort();
    if (!connection) throw new TypeError("Failed to fetch");
    if (!("chunks" in connection)) {
      return new Response(JSON.stringify(connection), { headers: { "content-type": "application/json" } });
    }
    return new Response(bodyOf(connection), { headers: { "content-type": "text/event-stream" } });
  };
  await follow({
    documentId: "sha256:00",
    variables: { orderId: "ord_1", afterVersion: null },
    token: async () => "token",
    onRefused: () => undefined,
    onResult: (result) => seen.push(result),
    onConnected: (isConnected) => connected.push(isConnected),
    signal: stopping.signal,
    wire: { ...PAGE_WIRE, fetch: opened as typeof fetch },
    pause: async (attempt) => void attempts.push(attempt),
    ...changes,
  });
  const versions = seen.map(({ data }) => (data?.["orderStatusChanged"] as { version: number } | undefined)?.version);
  return { versions, seen, asked: asked.map(({ afterVersion }) => afterVersion), connected, attempts };
}

test("a stream that is cut resumes after the last version", async () => {
  const { versions, asked } = await run([
    { chunks: [":\n\n", change(1), change(2)], isCut: true },
    { chunks: [":\n\n", change(3), "event: complete\ndata:\n\n"] },
  ]);
  expect(versions).toEqual([1, 2, 3]);
  expect(asked).toEqual([null, 2]);
});

test("an event that is cut in two is read whole", async () => {
  const text = change(7);
  const { versions } = await run([{ chunks: [text.slice(0, 20), text.slice(20), "event: complete\ndata:\n\n"] }]);
  expect(versions).toEqual([7]);
});

test("pauses grow until a result has come", async () => {
  const { attempts } = await run([null, null, { chunks: [change(1)], isCut: true }, null]);
  expect(attempts.slice(0, 4)).toEqual([1, 2, 1, 2]);
});

test("a subgraph that is away is asked again, and the reader sees nothing of it", async () => {
  const { versions, seen } = await run([{ chunks: [next(LOST)] }, { chunks: [change(4), "event: complete\ndata:\n\n"] }]);
  expect(versions).toEqual([4]);
  expect(seen).toHaveLength(1);
});

test("a refusal is told and ends the stream", async () => {
  const { seen, asked } = await run([DENIED, { chunks: [change(1)] }]);
  expect(seen).toEqual([DENIED]);
  expect(asked).toHaveLength(1);
});

test("a token that is refused is given back, and the stream opens with the next", async () => {
  const refused: unknown[] = [];
  const { versions } = await run([EXPIRED, { chunks: [change(1), "event: complete\ndata:\n\n"] }], {
    onRefused: (token) => void refused.push(token),
  });
  expect([refused, versions]).toEqual([["token"], [1]]);
});

test("it tells whether results can come", async () => {
  const { connected } = await run([{ chunks: [":\n\n"], isCut: true }, { chunks: ["event: complete\ndata:\n\n"] }]);
  expect(connected).toEqual([true, false, true, false]);
});
