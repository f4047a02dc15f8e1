/** Days of the address. */
import { expect, test } from "vitest";
import { dayStart } from "./useUrlFilter";

test("a day begins at midnight here, and ends at the next", () => {
  expect(dayStart("2026-03-29")).toBe(new Date(2026, 2, 29).toISOString());
  expect(dayStart("2026-12-31", 1)).toBe(new Date(2027, 0, 1).toISOString());
  expect([dayStart(""), dayStart("yesterday")]).toEqual([undefined, undefined]);
});
