/** The list of orders: views that are kept, and where selected orders can be moved together. */
import { expect, test } from "vitest";
import type { OrderStatus } from "../../gql";
import { targetsOf } from "./BulkMove";
import { parseViews, withView, type View } from "./views";

function allowing(...statuses: OrderStatus[]) {
  return { allowedTransitions: statuses.map((to) => ({ __typename: "OrderTransition" as const, to })) };
}

test("a view takes the place of one of its name, and the oldest make room", () => {
  const views = [
    { name: "Late", text: "status=PAID" },
    { name: "New", text: "sort=NEWEST" },
  ];
  const changed = withView(views, { name: "Late", text: "status=ON_HOLD" });
  expect(changed).toEqual([views[1], { name: "Late", text: "status=ON_HOLD" }]);
  const many = Array.from({ length: 30 }, (_, number) => ({ name: `${number}`, text: "" })).reduce<readonly View[]>((views, view) => withView(views, view), []);
  expect([many.length, many[0]?.name]).toEqual([20, "10"]);
});

test("what is stored by somebody else is no view", () => {
  expect(parseViews("{")).toEqual([]);
  expect(parseViews('{"name":"x"}')).toEqual([]);
  expect(parseViews('[{"name":"Late","text":"status=PAID"},{"name":1},null]')).toEqual([{ name: "Late", text: "status=PAID" }]);
});

test("selected orders can be moved to where any of them can, in the usual order", () => {
  const orders = [allowing("CANCELLED", "IN_PRODUCTION"), allowing("DELIVERED", "ON_HOLD")];
  expect(targetsOf(orders)).toEqual(["IN_PRODUCTION", "DELIVERED", "CANCELLED"]);
  expect(targetsOf([allowing()])).toEqual([]);
});
