/** Revenue by currency, and cohorts by age. */
import { expect, test } from "vitest";
import { byAge } from "./Retention";
import { byCurrency } from "./Revenue";

function day(at: string, orders: number, currencyCode: string) {
  const money = { __typename: "Money" as const, amount: "10.00", currencyCode };
  return { __typename: "Revenue" as const, at, orders, total: money, refunded: money, average: money } as never;
}

test("the currency of most orders comes first, and its days stay in their order", () => {
  const days = [day("2026-05-01", 1, "USD"), day("2026-05-01", 2, "EUR"), day("2026-05-02", 3, "EUR")];
  const found = byCurrency(days).map(([currency, each]) => [currency, each.map(({ at }) => at)]);
  expect(found).toEqual([
    ["EUR", ["2026-05-01", "2026-05-02"]],
    ["USD", ["2026-05-01"]],
  ]);
});

test("a week in which nobody came is left out of a cohort", () => {
  const weeks = ["2026-03-23", "2026-04-06"].map((week) => ({ __typename: "CohortWeek", week, subjects: 1, share: 1, isFinished: true }));
  const ages = byAge({ __typename: "Cohort", week: "2026-03-23", subjects: 1, weeks } as never);
  expect([...ages.keys()]).toEqual([0, 2]);
});
