/** What a stream brings is shown on top of what was fetched, once. */
import { expect, test } from "vitest";
import { withChanges } from "./useOrderStatus";

const MONEY = { amount: "10.00", currencyCode: "EUR" };
const ORDER = {
  number: "AP-1",
  status: "PENDING" as const,
  version: 1,
  placedAt: "2026-11-30T10:00:00Z",
  total: MONEY,
  refunded: MONEY,
  lines: [],
  timeline: [],
  shipments: [],
};

function change(version: number, status: "PAID" | "IN_PRODUCTION") {
  return { __typename: "OrderStatusChange" as const, version, status, at: "2026-11-30T11:00:00Z", reason: null };
}

test("changes that are newer than the order move it, in their order", () => {
  const moved = withChanges(ORDER, [change(2, "PAID"), change(3, "IN_PRODUCTION")]);
  expect([moved.status, moved.version, moved.timeline.map(({ version }) => version)]).toEqual(["IN_PRODUCTION", 3, [2, 3]]);
});

test("a change that the order has already seen adds nothing", () => {
  const fetched = { ...ORDER, version: 2, status: "PAID" as const };
  expect(withChanges(fetched, [change(2, "PAID")])).toBe(fetched);
});
