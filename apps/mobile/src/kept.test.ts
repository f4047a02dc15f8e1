/** Answers that the device keeps: of one viewer, until that viewer logs out. */
import { expect, test } from "vitest";
import { KeptAnswers, type TextStore } from "./kept";

function storeOf(text: string | null): TextStore & { text: string | null } {
  return {
    text,
    async read() {
      return this.text;
    },
    async write(next) {
      this.text = next;
    },
    async remove() {
      this.text = null;
    },
  };
}

test("what was answered is there at the next start, and changes are put on top", async () => {
  const store = storeOf(null);
  const first = await KeptAnswers.open(store, () => 17);
  expect([first.viewerId, first.at]).toEqual([null, null]);
  const storage = first.storageOf("usr_1");
  await storage.writeData({ one: "1", two: "2" });
  await storage.writeData({ two: "3" });
  const second = await KeptAnswers.open(store);
  expect([second.viewerId, second.at]).toEqual(["usr_1", 17]);
  expect(await second.storageOf("usr_1").readData()).toEqual({ one: "1", two: "3" });
});

test("another viewer sees nothing of it, and takes its place", async () => {
  const store = storeOf(null);
  const kept = await KeptAnswers.open(store);
  await kept.storageOf("usr_1").writeData({ one: "1" });
  const other = kept.storageOf("usr_2");
  expect(await other.readData()).toEqual({});
  await other.writeData({ two: "2" });
  expect([kept.viewerId, JSON.parse(store.text ?? "").entries]).toEqual(["usr_2", { two: "2" }]);
});

test("a log-out leaves nothing, neither what was being written nor what the cache writes late", async () => {
  const store = storeOf(null);
  const kept = await KeptAnswers.open(store);
  const storage = kept.storageOf("usr_1");
  const writing = storage.writeData({ one: "1" });
  await kept.forget();
  await writing;
  await storage.writeData({ two: "2" });
  expect([store.text, kept.viewerId]).toEqual([null, null]);
});

test("a text that was cut is as none, and a store that is full is told to nobody", async () => {
  const store = storeOf('{"viewerId": "usr_1", "entr');
  store.write = () => Promise.reject(new Error("QuotaExceededError"));
  const kept = await KeptAnswers.open(store);
  expect(kept.viewerId).toBeNull();
  await kept.storageOf("usr_1").writeData({ one: "1" });
  expect(await kept.storageOf("usr_1").readData()).toEqual({ one: "1" });
});

test("above the limit only the last answers stay", async () => {
  const store = storeOf(null);
  const kept = await KeptAnswers.open(store);
  await kept.storageOf("usr_1").writeData({ large: "x".repeat(1_990_000) });
  await kept.storageOf("usr_1").writeData({ last: "y".repeat(20_000) });
  expect(Object.keys(JSON.parse(store.text ?? "").entries)).toEqual(["last"]);
});
