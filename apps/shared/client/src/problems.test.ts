/** Problems by field, and failures by kind. */
import { CombinedError } from "@urql/core";
import { expect, test } from "vitest";
import { byField, troubleOf } from "./problems";
import { RefusedError } from "./wire";

test("a refused field has one path, whether a query or a mutation tells of it", () => {
  const field = { code: "TOO_LONG", message: "Shorter." };
  const found = byField([{ path: "input.config.text", ...field }, { path: "config.size", ...field }]);
  expect([...found.keys()]).toEqual(["config.text", "config.size"]);
});

test("a failure is told by its kind", () => {
  const denied = new CombinedError({ graphQLErrors: [{ message: "", extensions: { code: "FORBIDDEN" } }] });
  const offline = new CombinedError({ networkError: new TypeError("Failed to fetch") });
  const missing = new RefusedError([{ message: "", extensions: { code: "NOT_FOUND" } }]);
  expect([denied, offline, missing, new Error("?")].map(troubleOf)).toEqual(["denied", "offline", "missing", "failed"]);
});
