/** The client: what goes over the wire, and what the cache makes of it. */
import { afterEach, expect, test, vi } from "vitest";
import { createGraph, documentOf } from "./client";
import { SessionCurrentDocument, SessionRefreshDocument } from "./gql";
import { LiveStatus } from "./live";
import { Session } from "./session";
import { heldMark } from "./session-mark";
import { idOf } from "./wire";

afterEach(() => vi.unstubAllGlobals());

async function anonymous(): Promise<Session> {
  const channel = { post: () => undefined, onMessage: () => undefined };
  const session = new Session({
    send: (() => Promise.reject(new Error("nothing is sent"))) as never,
    mark: heldMark(),
    channel,
    exclusively: (work) => work(),
    now: () => 0,
  });
  await session.renew();
  return session;
}

function answering(data: unknown): Record<string, unknown>[] {
  const sent: Record<string, unknown>[] = [];
  vi.stubGlobal("fetch", async (_url: string, options: RequestInit) => {
    sent.push(JSON.parse(String(options.body)));
    return new Response(JSON.stringify({ data }), { headers: { "content-type": "application/json" } });
  });
  return sent;
}

test("only the id of a document is sent, and the answer reaches who asked", async () => {
  const me = { __typename: "User", id: "usr_1", sessions: null };
  const sent = answering({ __typename: "Query", me });
  const graph = createGraph({ session: await anonymous(), live: new LiveStatus() });
  const { data, error } = await graph.query(documentOf(SessionCurrentDocument), { page: 5 }).toPromise();
  expect(error).toBeUndefined();
  expect(data?.me).toEqual(me);
  expect(sent).toEqual([{ documentId: idOf(SessionCurrentDocument), variables: { page: 5 } }]);
});

test("a problem is read through its interface", async () => {
  const problem = { __typename: "UnauthenticatedProblem", code: "REFRESH_TOKEN_SPENT", message: "Log in again." };
  answering({ __typename: "Mutation", sessionRefresh: problem });
  const graph = createGraph({ session: await anonymous(), live: new LiveStatus() });
  const sent = graph.mutation(documentOf(SessionRefreshDocument), { input: {} });
  expect((await sent.toPromise()).data?.sessionRefresh).toEqual(problem);
});
