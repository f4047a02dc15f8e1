/**
 * The answers that the device keeps, so that the app starts without a network. They are of one viewer, and go when that
 * viewer logs out.
 */
import type { GraphSettings } from "@petplus/client";

type Storage = NonNullable<GraphSettings["storage"]>;
type Entries = Awaited<ReturnType<Storage["readData"]>>;

/** One text that the device keeps. */
export interface TextStore {
  read(): Promise<string | null>;
  write(text: string): Promise<void>;
  remove(): Promise<void>;
}

interface Content {
  viewerId: string;
  /** When the last answer came, in milliseconds. */
  at: number;
  entries: Entries;
}

/** Browsers give an origin five megabytes. Above this, only the last answers stay. */
const MOST_CHARACTERS = 2_000_000;

function parsed(text: string | null): Content | null {
  try {
    return text === null ? null : (JSON.parse(text) as Content);
  } catch {
    // The device was switched off while it wrote.
    return null;
  }
}

export class KeptAnswers {
  #content: Content | null;
  #writing: Promise<void> = Promise.resolve();
  #onOnline: () => void = () => undefined;
  /** Counts the viewers who logged out: what their caches still write is kept no more. */
  #farewells = 0;
  readonly #store: TextStore;
  readonly #now: () => number;

  private constructor(store: TextStore, content: Content | null, now: () => number) {
    [this.#store, this.#content, this.#now] = [store, content, now];
  }

  static async open(store: TextStore, now: () => number = Date.now): Promise<KeptAnswers> {
    return new KeptAnswers(store, parsed(await store.read()), now);
  }

  get viewerId(): string | null {
    return this.#content?.viewerId ?? null;
  }

  /** When the last answer came; null where none is kept. */
  get at(): number | null {
    return this.#content?.at ?? null;
  }

  /** What the cache of a viewer reads at its start, and writes to. */
  storageOf(viewerId: string): Storage {
    const farewells = this.#farewells;
    const own = this.#content?.viewerId === viewerId ? this.#content.entries : {};
    return {
      readData: async () => own,
      writeData: async (changes) => {
        if (farewells === this.#farewells) await this.#keep(viewerId, changes);
      },
      // The exchange asks for them, and keeps mutations in them that wait for a network: this app has none.
      readMetadata: async () => null,
      writeMetadata: () => undefined,
      onOnline: (flush) => {
        this.#onOnline = flush;
      },
    };
  }

  /** Asks again for all that was not answered. */
  askAgain(): void {
    this.#onOnline();
  }

  forget(): Promise<void> {
    this.#content = null;
    this.#farewells += 1;
    return this.#inTurn(() => this.#store.remove());
  }

  #keep(viewerId: string, changes: Entries): Promise<void> {
    const before = this.#content?.viewerId === viewerId ? this.#content.entries : {};
    this.#content = { viewerId, at: this.#now(), entries: { ...before, ...changes } };
    let text = JSON.stringify(this.#content);
    if (text.length > MOST_CHARACTERS) {
      this.#content = { ...this.#content, entries: changes };
      text = JSON.stringify(this.#content);
    }
    return this.#inTurn(() => this.#store.write(text));
  }

  /** What cannot be kept is not: the app works without. */
  #inTurn(work: () => Promise<void>): Promise<void> {
    this.#writing = this.#writing.then(work).catch(() => undefined);
    return this.#writing;
  }
}
