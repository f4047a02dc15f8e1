/** Places and their paths. */
import { expect, test } from "vitest";
import { PathStack, pathOf, placeOf } from "./places";

test("a place is found again by its path, and an unknown path is home", () => {
  const paths = ["/", "/log-in", "/orders/ord_1", "/designs/dsg_1"];
  expect(paths.map((path) => pathOf(placeOf(path)))).toEqual(paths);
  expect(["", "/orders/", "/nothing/here"].map((path) => placeOf(path).screen)).toEqual(["home", "home", "home"]);
});

test("one goes back the way that one came, and from home out of the app", () => {
  const stack = new PathStack();
  stack.go("/designs/dsg_1");
  stack.go("/orders/ord_1");
  expect([stack.back(), stack.path(), stack.back(), stack.path(), stack.back()]).toEqual([true, "/designs/dsg_1", true, "/", false]);
  stack.go("/orders/ord_1");
  stack.go("/");
  expect(stack.back()).toBe(false);
});
