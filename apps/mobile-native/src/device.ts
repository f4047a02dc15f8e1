/** What a device gives the app: a place for secrets, a file, and the way back. */
import { Session, sendOver, type SessionMark, type Wire } from "@petplus/client";
import { fetch as streamingFetch } from "expo/fetch";
import { File, Paths } from "expo-file-system";
import { WHEN_UNLOCKED_THIS_DEVICE_ONLY, getItem, setItem } from "expo-secure-store";
import { Platform } from "react-native";
import type { Device } from "../../mobile/src/App";
import { PathStack } from "../../mobile/src/places";

const SECRET = "petplus-refresh-token";
const OPTIONS = { keychainAccessible: WHEN_UNLOCKED_THIS_DEVICE_ONLY };
/** The Android emulator reaches the machine that it runs on by this address. */
const LOCAL = Platform.OS === "android" ? "http://10.0.2.2:4000" : "http://localhost:4000";

/** The refresh token in the Keychain or the Keystore; an empty text is none, because it is written at once. */
export const secretMark: SessionMark = {
  isSet: () => secretMark.refreshToken() !== null,
  set: (refreshToken) => setItem(SECRET, refreshToken ?? "", OPTIONS),
  clear: () => setItem(SECRET, "", OPTIONS),
  refreshToken: () => getItem(SECRET, OPTIONS) || null,
};

/** A session of one app: nobody else renews it. */
export function sessionOver(wire: Wire): Session {
  return new Session({
    send: sendOver(wire),
    mark: secretMark,
    channel: { post: () => undefined, onMessage: () => undefined },
    exclusively: (work) => work(),
    now: Date.now,
  });
}

/**
 * Expo's `fetch`, because react-native's own gives an answer only once it is whole, and a stream never is. Its errors
 * are of its own kind; the client knows a network that is away by TypeError, as browsers say it.
 */
const reach = (async (url: string, init: RequestInit = {}) => {
  try {
    return await streamingFetch(url, init as Parameters<typeof streamingFetch>[1]);
  } catch (error) {
    if (init.signal?.aborted) throw error;
    throw new TypeError("Network request failed", { cause: error });
  }
}) as unknown as Wire["fetch"];

/** Backups leave this folder out. */
const answers = new File(Paths.cache, "answers.json");

export const paths = new PathStack();

export const device: Device = {
  name: `All Pet Plus on ${Platform.OS === "ios" ? "iOS" : "Android"}`,
  wire: { url: `${process.env.EXPO_PUBLIC_SHOP_URL ?? LOCAL}/graphql`, hasCookie: false, fetch: reach },
  sessionOver,
  store: {
    read: async () => (answers.exists ? answers.text() : null),
    write: async (text) => answers.write(text),
    remove: async () => {
      if (answers.exists) answers.delete();
    },
  },
  paths,
};
