/** Sessions: one refresh for all tabs, what is stored, and how a session ends. */
import { beforeEach, expect, test } from "vitest";
import {
  SessionCurrentDocument,
  SessionEndDocument,
  SessionLogInDocument,
  SessionRefreshDocument,
  SessionTotpConfirmDocument,
  SessionViewerDocument,
} from "./gql";
import { Session, type Channel, type Surroundings } from "./session";
import { heldMark, type SessionMark } from "./session-mark";
import { idOf } from "./wire";

const ME = { __typename: "User", id: "usr_1", name: "Anna", email: "anna@example.com", scopes: ["orders:read"] };

let sent: string[];
let given: [string, unknown][];
let clock: number;
let mark: SessionMark;
let listeners: ((message: never) => void)[];
let tail: Promise<unknown>;
let answers: Record<string, () => Promise<unknown>>;

function tokens(type: string, number: number) {
  const parts = { expiresIn: 900, refreshToken: null, secondFactorRequired: false };
  return { __typename: type, accessToken: `access ${number}`, ...parts };
}

/** A tab: all tabs share the mark, the lock and the channel. */
function tab(): Session {
  let own: (message: never) => void = () => undefined;
  const channel: Channel = {
    post: (message) => listeners.filter((each) => each !== own).forEach((each) => each(message as never)),
    onMessage(listen) {
      own = listen as (message: never) => void;
      listeners.push(own);
    },
  };
  const send = (async (document: never, variables: unknown, token: string | null = null) => {
    const id = idOf(document);
    given.push([id, variables]);
    sent.push(token === null ? id : `${id} by ${token}`);
    return answers[id]?.();
  }) as Surroundings["send"];
  const exclusively = <T>(work: () => Promise<T>): Promise<T> => {
    const done = tail.then(work);
    tail = done.catch(() => undefined);
    return done;
  };
  return new Session({ send, mark, channel, exclusively, now: () => clock });
}

const REFRESH = idOf(SessionRefreshDocument);

beforeEach(() => {
  [sent, given, clock, mark, listeners, tail] = [[], [], 1_000_000, heldMark(), [], Promise.resolve()];
  let number = 1;
  answers = {
    [idOf(SessionLogInDocument)]: async () => ({ sessionCreate: tokens("SessionCreateSuccess", number) }),
    [REFRESH]: async () => ({ sessionRefresh: tokens("SessionRefreshSuccess", (number += 1)) }),
    [idOf(SessionViewerDocument)]: async () => ({ me: ME }),
    [idOf(SessionCurrentDocument)]: async () => ({
      me: { id: "usr_1", sessions: { nodes: [{ id: "ses_2", current: false }, { id: "ses_1", current: true }] } },
    }),
    [idOf(SessionEndDocument)]: async () => ({ sessionRevoke: { __typename: "SessionRevokeSuccess" } }),
  };
});

test("a log-in signs all tabs in, and marks the browser", async () => {
  const [one, other] = [tab(), tab()];
  await one.logIn("anna@example.com", "secret", "Firefox");
  expect([one.state.viewer?.name, other.state.viewer?.name]).toEqual(["Anna", "Anna"]);
  expect(one.state.viewer?.scopes).toEqual(["orders:read"]);
  expect([await one.token(), await other.token(), mark.isSet()]).toEqual(["access 1", "access 1", true]);
});

test("two tabs whose token expires at once refresh once", async () => {
  const [one, other] = [tab(), tab()];
  await one.logIn("anna@example.com", "secret", "Firefox");
  clock += 880_000;
  expect(await Promise.all([one.token(), other.token(), one.token()])).toEqual(["access 2", "access 2", "access 2"]);
  expect(sent.filter((id) => id === REFRESH)).toHaveLength(1);
});

test("a page that is opened continues the session of the browser", async () => {
  mark.set(null);
  const opened = tab();
  expect(opened.state.status).toBe("starting");
  expect(await opened.token()).toBe("access 2");
  expect(opened.state.status).toBe("signedIn");
});

test("an app without cookies keeps each refresh token, and sends the last", async () => {
  const kept: (string | null)[] = [];
  mark = {
    isSet: () => kept.length > 0,
    set: (refreshToken) => void kept.push(refreshToken),
    clear: () => void kept.splice(0),
    refreshToken: () => kept.at(-1) ?? null,
  };
  const named = (name: string, refreshToken: string) => ({ [name]: { ...tokens("SessionRefreshSuccess", 1), refreshToken } });
  answers[idOf(SessionLogInDocument)] = async () => named("sessionCreate", "refresh 1");
  answers[REFRESH] = async () => named("sessionRefresh", "refresh 2");
  const app = tab();
  await app.logIn("anna@example.com", "secret", "Phone");
  clock += 900_000;
  await app.token();
  expect(kept).toEqual(["refresh 1", "refresh 2"]);
  expect(given.filter(([id]) => id === REFRESH)).toEqual([[REFRESH, { input: { refreshToken: "refresh 1" } }]]);
});

test("a page of a visitor asks for no token", async () => {
  const opened = tab();
  expect(await opened.token()).toBeNull();
  expect([opened.state.status, sent]).toEqual(["signedOut", []]);
});

test("a refused refresh token signs all tabs out", async () => {
  const [one, other] = [tab(), tab()];
  await one.logIn("anna@example.com", "secret", "Firefox");
  answers[REFRESH] = async () => ({ sessionRefresh: { __typename: "UnauthenticatedProblem", code: "X", message: "" } });
  clock += 900_000;
  expect(await one.token()).toBeNull();
  expect([one.state.status, other.state.status, mark.isSet()]).toEqual(["signedOut", "signedOut", false]);
});

test("a refresh that nobody answers keeps the session for the next try", async () => {
  const one = tab();
  await one.logIn("anna@example.com", "secret", "Firefox");
  const working = answers[REFRESH];
  answers[REFRESH] = async () => {
    throw new TypeError("Failed to fetch");
  };
  clock += 900_000;
  await expect(one.token()).rejects.toThrow(TypeError);
  expect([one.state.status, mark.isSet()]).toEqual(["signedIn", true]);
  answers[REFRESH] = working as () => Promise<unknown>;
  expect(await one.token()).toBe("access 2");
});

test("a log-out ends the current session at the server and in all tabs", async () => {
  const [one, other] = [tab(), tab()];
  await one.logIn("anna@example.com", "secret", "Firefox");
  await other.logOut();
  expect(sent.at(-1)).toBe(`${idOf(SessionEndDocument)} by access 1`);
  expect([one.state.status, other.state.status, mark.isSet()]).toEqual(["signedOut", "signedOut", false]);
});

test("the tokens that come with a second factor are those of all tabs", async () => {
  const [one, other] = [tab(), tab()];
  await one.logIn("anna@example.com", "secret", "Firefox");
  answers[idOf(SessionTotpConfirmDocument)] = async () => ({
    totpConfirm: { ...tokens("TotpConfirmSuccess", 7), recoveryCodes: ["one"] },
  });
  expect(await one.confirmSecondFactor("123456")).toMatchObject({ recoveryCodes: ["one"] });
  expect(sent.filter((id) => id.startsWith(idOf(SessionTotpConfirmDocument)))).toEqual([
    `${idOf(SessionTotpConfirmDocument)} by access 1`,
  ]);
  expect([await one.token(), await other.token()]).toEqual(["access 7", "access 7"]);
});

test("the session of a deleted account ends in all tabs, and nobody is asked", async () => {
  const [one, other] = [tab(), tab()];
  await one.logIn("anna@example.com", "secret", "Firefox");
  const before = sent.length;
  one.leave();
  expect([one.state.status, other.state.status, mark.isSet(), sent.length]).toEqual(["signedOut", "signedOut", false, before]);
});
