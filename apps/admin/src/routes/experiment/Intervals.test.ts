/** The axis of the intervals. */
import { expect, test } from "vitest";
import { axisEnd, type Group } from "./Intervals";

function upTo(...highs: number[]): Group[] {
  return highs.map((high) => ({ interval: { low: 0, high } }) as unknown as Group);
}

test("the axis ends at a round share above every interval, and at all", () => {
  expect([axisEnd(upTo(0.031, 0.12)), axisEnd(upTo(0.15)), axisEnd(upTo(0.99)), axisEnd(upTo())]).toEqual([0.15, 0.2, 1, 0.05]);
});
