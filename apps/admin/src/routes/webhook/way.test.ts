/** How far a delivery came, and how long each step took. */
import { expect, test } from "vitest";
import type { DeliveryDetailFragment } from "../../gql";
import { wayOf } from "./way";

const AT = "2026-12-01T08:00:0";
const RECEIVED = {
  verdict: "VERIFIED",
  state: "RECEIVED",
  events: [],
  receivedAt: `${AT}0.100Z`,
  storedAt: `${AT}0.106Z`,
  processedAt: null,
  timeline: [],
} as unknown as DeliveryDetailFragment;
const NONE = new Map<number, string>();

function progress(delivery: Partial<DeliveryDetailFragment>): string {
  return wayOf({ ...RECEIVED, ...delivery }, NONE)
    .map((each) => each.progress)
    .join(" ");
}

test("a delivery that changed an order has a time at each step", () => {
  const timeline = [{ id: "otl_1", version: 3, status: "PAID", at: `${AT}0.000Z`, recordedAt: `${AT}0.250Z` }] as never;
  const applied = { ...RECEIVED, state: "PROCESSED" as const, events: [{}] as never, processedAt: `${AT}0.200Z`, timeline };
  const way = wayOf(applied, new Map([[3, `${AT}1.250Z`]]));
  expect(way.map(({ name, sinceMs }) => [name, sinceMs])).toEqual([
    ["signature", null],
    ["stored", 6],
    ["event", 94],
    ["change", 50],
    ["push", 1000],
  ]);
  expect(new Set(way.map((each) => each.progress))).toEqual(new Set(["done"]));
  expect(wayOf(applied, NONE).at(-1)).toMatchObject({ progress: "waiting", sinceMs: null });
});

test("the way ends where a delivery is refused, has no use, or is given up", () => {
  expect(progress({})).toBe("done done waiting waiting waiting");
  expect(progress({ verdict: "WRONG", state: "REJECTED" })).toBe("failed done none none none");
  expect(progress({ state: "IGNORED" })).toBe("done done none none none");
  expect(progress({ state: "DEAD" })).toBe("done done failed none none");
  expect(progress({ state: "PROCESSED" })).toBe("done done done none none");
});
