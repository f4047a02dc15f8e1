/** Ids are put in where a variable waits for one, and what somebody wrote stays. */
import { expect, test } from "vitest";
import { filled } from "./recent";

const RECENT = { orderId: "ord_1", version: 7, designId: "des_1" };
const NONE = new Set<string>();

function parsed(text: string | null): unknown {
  return JSON.parse(text ?? "null");
}

test("an empty id is filled in, with the version beside it", () => {
  const text = JSON.stringify({ input: { orderId: "", version: 1, to: "IN_PRODUCTION" } });
  expect(parsed(filled(text, RECENT, NONE))).toEqual({ input: { orderId: "ord_1", version: 7, to: "IN_PRODUCTION" } });
  expect(parsed(filled('{ "orderId": "" }', RECENT, NONE))).toEqual({ orderId: "ord_1" });
  expect(parsed(filled('{ "designId": "" }', RECENT, NONE))).toEqual({ designId: "des_1" });
});

test("an id that was filled in before is replaced, and one that somebody wrote is not", () => {
  expect(parsed(filled('{ "orderId": "ord_0" }', RECENT, new Set(["ord_0"])))).toEqual({ orderId: "ord_1" });
  expect(filled('{ "orderId": "ord_9" }', RECENT, new Set(["ord_0"]))).toBeNull();
});

test.each(["", "{", "[]", "null", '{ "quantity": 2 }'])("%s is left as it is", (text) => {
  expect(filled(text, RECENT, NONE)).toBeNull();
});

test("where nothing is known, nothing is put in", () => {
  expect(filled('{ "orderId": "" }', { orderId: null, version: null, designId: null }, NONE)).toBeNull();
});
