/** The colours of the screens are those of the other apps. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";

vi.mock("react-native", () => ({}));
const { THEMES } = await import("./theme");

test("each colour is that of tokens.css, in light and in dark", () => {
  const css = readFileSync(join(import.meta.dirname, "../../../shared/ui/src/tokens.css"), "utf8");
  const found = new Map([...css.matchAll(/--([\w-]+): light-dark\((#\w+), (#\w+)\)/g)].map(([, name, ...pair]) => [name, pair]));
  const names = Object.keys(THEMES.light) as (keyof typeof THEMES.light)[];
  expect(names.map((name) => [name, [THEMES.light[name], THEMES.dark[name]]])).toEqual(names.map((name) => [name, found.get(name)]));
});
