/** The copy of a customer's data: every page of every list, in one document. */
import { expect, test } from "vitest";
import type { WebAccountExportMutation, WebAccountExportMutationVariables } from "../../gql";
import { collect } from "./copy";

type Answer = WebAccountExportMutation["accountExport"];

function page(names: string[], endCursor: string | null, hasNextPage: boolean) {
  return { nodes: names.map((id) => ({ id })), pageInfo: { hasNextPage, endCursor } };
}

function part(designs: object, orders: object): Answer {
  const user = { id: "usr_1", designs, orders, experiments: page([], null, false) };
  return { __typename: "AccountExportSuccess", filename: "usr_1.json", document: '{"id":"usr_1"}', user } as unknown as Answer;
}

test("each list is asked for until its end, and nothing comes twice", async () => {
  const asked: WebAccountExportMutationVariables[] = [];
  const answers = [part(page(["d1"], "D1", true), page(["o1"], "O1", false)), part(page(["d2"], "D2", false), page([], null, false))];
  const found = await collect(async (cursors) => {
    asked.push(cursors);
    return answers.shift() as Answer;
  });
  expect(asked).toEqual([
    { designs: null, orders: null, experiments: null },
    { designs: "D1", orders: "O1", experiments: null },
  ]);
  expect("text" in found && JSON.parse(found.text)).toEqual({
    account: { id: "usr_1" },
    designs: [{ id: "d1" }, { id: "d2" }],
    orders: [{ id: "o1" }],
    experiments: [],
  });
});

test("a refusal is what there is", async () => {
  const refusal = { __typename: "ReauthenticationProblem", code: "INSUFFICIENT_USER_AUTHENTICATION", message: "" } as const;
  expect(await collect(async () => refusal)).toBe(refusal);
});
