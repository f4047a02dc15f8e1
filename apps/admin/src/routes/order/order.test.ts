/** What staff are offered, and how a conflict is told. */
import { createFormats } from "@petplus/client";
import { createTranslate } from "@petplus/ui";
import { expect, test } from "vitest";
import type { OrderDetailFragment, OrderStatus } from "../../gql";
import messages from "../../messages/en";
import { differences } from "./Conflict";
import { isHoldable, movesOf } from "./transitions";

const MONEY = { __typename: "Money", amount: "10.00", currencyCode: "EUR" } as const;
const ORDER = { status: "PAID", paid: MONEY, refunded: MONEY, shipments: [], notes: [] } as unknown as OrderDetailFragment;

function allowing(...statuses: OrderStatus[]): Pick<OrderDetailFragment, "allowedTransitions"> {
  return { allowedTransitions: statuses.map((to) => ({ __typename: "OrderTransition", to })) };
}

test("moves are what the graph allows, and a hold and a refund are actions of their own", () => {
  const paid = allowing("IN_PRODUCTION", "ON_HOLD", "CANCELLED", "REFUNDED");
  expect([movesOf(paid), isHoldable(paid)]).toEqual([["IN_PRODUCTION", "CANCELLED"], true]);
  expect([movesOf(allowing()), isHoldable(allowing("CANCELLED"))]).toEqual([[], false]);
});

test("a conflict names what differs and nothing else", () => {
  const now: OrderDetailFragment = { ...ORDER, status: "ON_HOLD", notes: [{ id: "1" }] as never };
  const found = differences({ before: ORDER, now }, createTranslate(messages, "en"), createFormats("en"));
  expect(found).toEqual([
    { field: "status", mine: "Paid", theirs: "On hold" },
    { field: "notes", mine: "0", theirs: "1" },
  ]);
});
