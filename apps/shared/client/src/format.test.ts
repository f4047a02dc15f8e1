/** Money and times in the reader's language. */
import { expect, test } from "vitest";
import { createFormats } from "./format";

test("money is written with the decimals and the place of its currency", () => {
  expect(createFormats("en").money({ amount: "1234.50", currencyCode: "EUR" })).toBe("€1,234.50");
  expect(createFormats("de").money({ amount: "1234.50", currencyCode: "EUR" })).toBe("1.234,50\u00a0€");
  expect(createFormats("en").money({ amount: "9007199254740993.00", currencyCode: "JPY" })).toBe("¥9,007,199,254,740,993");
});

test("a time is told in the largest unit that fits", () => {
  const now = Date.parse("2026-11-30T12:00:00Z");
  const { ago } = createFormats("en");
  const told = ["2026-11-30T11:59:30Z", "2026-11-30T11:15:00Z", "2026-11-29T11:00:00Z"].map((iso) => ago(iso, now));
  expect(told).toEqual(["30 seconds ago", "45 minutes ago", "yesterday"]);
});

test("a time is told to the millisecond, and a length of time in the largest unit that fits", () => {
  const { exact, duration } = createFormats("en-GB");
  expect(exact("2026-12-01T08:00:00.106Z")).toMatch(/^1 Dec 2026, \d\d?:00:00\.106$/);
  expect([duration(0), duration(850), duration(1_400), duration(7_200_000)]).toEqual(["0 ms", "850 ms", "1.4 secs", "2 hrs"]);
});

test("a size is told in the largest unit that fits, and a probability to four places", () => {
  const { bytes, decimal } = createFormats("en");
  expect([bytes(0), bytes(999), bytes(34_560), bytes(2_500_000_000)]).toEqual(["0 byte", "999 byte", "34.6 kB", "2.5 GB"]);
  expect([decimal(0.00002), decimal(0.80707)]).toEqual(["0", "0.8071"]);
});
