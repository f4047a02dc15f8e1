/** Whether the shop answers is known by the requests, and what was not answered is sent again. */
import { PAGE_WIRE } from "@petplus/client";
import { expect, test } from "vitest";
import { Connection } from "./connection";

test("a request that nobody answers is followed by others, until one is answered", async () => {
  const { promise: answered, resolve } = Promise.withResolvers<void>();
  const seen: boolean[] = [];
  const pauses: number[] = [];
  let failures = 3;
  const connection: Connection = new Connection(
    () => void wire.fetch("/graphql").then(() => resolve(), () => undefined),
    async (attempt) => void pauses.push(attempt),
  );
  connection.subscribe(() => seen.push(connection.isUp));
  const wire = connection.watch({
    ...PAGE_WIRE,
    async fetch() {
      if ((failures -= 1) > 0) throw new TypeError("Failed to fetch");
      return new Response("{}");
    },
  });
  await expect(wire.fetch("/graphql")).rejects.toThrow(TypeError);
  await answered;
  expect(seen).toEqual([false, true]);
  expect(pauses.slice(0, 2)).toEqual([1, 2]);
});

test("a request that the app gave up says nothing of the shop", async () => {
  const connection = new Connection(() => undefined);
  const wire = connection.watch({ ...PAGE_WIRE, fetch: () => Promise.reject(new DOMException("", "AbortError")) });
  await expect(wire.fetch("/graphql", { signal: AbortSignal.abort() })).rejects.toThrow(DOMException);
  expect(connection.isUp).toBe(true);
});
