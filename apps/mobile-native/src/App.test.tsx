/** The screens as react-native draws them, with a session that a device keeps. */
import { act, create, type ReactTestRenderer } from "react-test-renderer";
import { Session, sendOver, type SessionMark, type Wire } from "@petplus/client";
import { Text } from "react-native";
import { App, begin, type Device, type Run } from "../../mobile/src/App";
import { MobileHomeScreenDocument } from "../../mobile/src/gql";
import type { TextStore } from "../../mobile/src/kept";
import { PathStack } from "../../mobile/src/places";
import { addWhatIsMissing } from "./polyfills";
import { SessionRefreshDocument, SessionViewerDocument } from "../../shared/client/src/gql";

addWhatIsMissing();

const MONEY = { __typename: "Money", amount: "21.90", currencyCode: "EUR" };
const PRESET = { __typename: "Preset", id: "pst_1", name: "Tartan collar", previewUrl: null, price: MONEY };
const ORDER = { __typename: "Order", id: "ord_1", number: "AP-100001", status: "ON_HOLD", placedAt: "2026-11-30T10:00:00Z" };
const TOKENS = { accessToken: "access", expiresIn: 900, refreshToken: "refresh 2", secondFactorRequired: false };
const ANSWERS = new Map<unknown, object>([
  [SessionRefreshDocument.__meta__?.["hash"], { sessionRefresh: { __typename: "SessionRefreshSuccess", ...TOKENS } }],
  [SessionViewerDocument.__meta__?.["hash"], { me: { __typename: "User", id: "usr_1", name: "Anna", email: "a@b", scopes: [] } }],
  [
    MobileHomeScreenDocument.__meta__?.["hash"],
    {
      __typename: "Query",
      presets: { __typename: "PresetConnection", nodes: [PRESET] },
      me: {
        __typename: "User",
        id: "usr_1",
        designs: { __typename: "DesignConnection", nodes: [] },
        orders: { __typename: "OrderConnection", nodes: [ORDER] },
      },
    },
  ],
]);

/** A device, which keeps a secret and a file. */
class TestDevice {
  secret: string | null = "refresh 1";
  file: string | null = null;
  readonly sent: { headers: Record<string, string>; variables: unknown }[] = [];

  readonly #mark: SessionMark = {
    isSet: () => this.secret !== null,
    set: (refreshToken) => {
      this.secret = refreshToken;
    },
    clear: () => {
      this.secret = null;
    },
    refreshToken: () => this.secret,
  };

  readonly #store: TextStore = {
    read: async () => this.file,
    write: async (text) => {
      this.file = text;
    },
    remove: async () => {
      this.file = null;
    },
  };

  given(): Device {
    const fetch = async (_url: unknown, init?: RequestInit): Promise<Response> => {
      const { documentId, variables } = JSON.parse(String(init?.body)) as { documentId: string; variables: unknown };
      this.sent.push({ headers: init?.headers as Record<string, string>, variables });
      const text = JSON.stringify({ data: ANSWERS.get(documentId) });
      const headers = new Headers({ "content-type": "application/json" });
      return { status: 200, ok: true, headers, text: async () => text, json: async () => JSON.parse(text) } as Response;
    };
    return {
      name: "Test",
      wire: { url: "https://shop.example/graphql", hasCookie: false, fetch: fetch as Wire["fetch"] },
      sessionOver: (wire) =>
        new Session({
          send: sendOver(wire),
          mark: this.#mark,
          channel: { post: () => undefined, onMessage: () => undefined },
          exclusively: (work) => work(),
          now: Date.now,
        }),
      store: this.#store,
      paths: new PathStack(),
    };
  }
}

const MOST_TURNS = 500;

function textsOf(drawn: ReactTestRenderer): string {
  return drawn.root
    .findAllByType(Text)
    .flatMap(({ props }) => props["children"] as unknown)
    .filter((each) => typeof each === "string")
    .join("\n");
}

async function draw(run: Run): Promise<ReactTestRenderer> {
  const { promise, resolve } = Promise.withResolvers<ReactTestRenderer>();
  await act(async () => resolve(create(<App run={run} />)));
  return promise;
}

/** Starts the app, and returns what it shows once it shows `wanted`. */
async function start(device: TestDevice, wanted: string): Promise<string> {
  const drawn = await draw(await begin(device.given()));
  for (let turn = 0; turn < MOST_TURNS && !textsOf(drawn).includes(wanted); turn += 1) {
    await act(() => new Promise<void>((resolve) => setTimeout(resolve)));
  }
  const shown = textsOf(drawn);
  await act(async () => drawn.unmount());
  return shown;
}

test("home is shown with the session that the device keeps, and by bearer tokens", async () => {
  const device = new TestDevice();
  const shown = await start(device, "AP-100001");
  expect(shown).toContain("On hold");
  expect(shown).toContain("Tartan collar");
  expect(device.secret).toBe("refresh 2");
  expect(device.sent[0]?.variables).toEqual({ input: { refreshToken: "refresh 1" } });
  expect(device.sent.at(-1)?.headers["authorization"]).toBe("Bearer access");
  expect(device.sent.some(({ headers }) => "x-petplus-session" in headers)).toBe(false);
});
