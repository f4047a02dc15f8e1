/** Whether the shop answers, as the requests themselves find out; as long as it does not, it is asked again. */
import { growingPause, type Wire } from "@petplus/client";

export class Connection {
  #isUp = true;
  readonly #listeners = new Set<() => void>();
  readonly #askAgain: () => void;
  readonly #pause: typeof growingPause;

  /** `askAgain` sends what was not answered. */
  constructor(askAgain: () => void, pause = growingPause) {
    [this.#askAgain, this.#pause] = [askAgain, pause];
  }

  get isUp(): boolean {
    return this.#isUp;
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** The same wire, whose requests are watched. */
  watch(wire: Wire): Wire {
    return {
      ...wire,
      fetch: async (input, init) => {
        try {
          const response = await wire.fetch(input, init);
          this.#show(true);
          return response;
        } catch (error) {
          if (init?.signal?.aborted !== true) this.#show(false);
          throw error;
        }
      },
    };
  }

  #show(isUp: boolean): void {
    if (isUp === this.#isUp) return;
    this.#isUp = isUp;
    for (const listener of this.#listeners) listener();
    if (!isUp) void this.#retry();
  }

  async #retry(): Promise<void> {
    for (let attempt = 1; !this.#isUp; attempt += 1) {
      const waited = new AbortController();
      await this.#pause(attempt, waited.signal);
      waited.abort();
      this.#askAgain();
    }
  }
}
