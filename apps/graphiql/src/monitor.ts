/** What came of operations: the cost of the last answer, and a log of the stream that runs, which can be cut. */
import type { StreamResult } from "@petplus/client";
import type { Cost } from "./graph";
import { Store } from "./store";

export interface LoggedEvent {
  number: number;
  at: Date;
  text: string;
}

export interface MonitorState {
  cost: Cost | null;
  isFollowing: boolean;
  isCut: boolean;
  events: readonly LoggedEvent[];
}

const MOST_EVENTS = 200;

export class Monitor {
  readonly store = new Store<MonitorState>({ cost: null, isFollowing: false, isCut: false, events: [] });
  #connection = new AbortController();
  #resumed = Promise.withResolvers<void>();

  showCost(cost: Cost | undefined): void {
    if (cost) this.store.set({ cost });
  }

  begin(): void {
    this.store.set({ isFollowing: true, isCut: false, events: [] });
  }

  end(): void {
    this.store.set({ isFollowing: false, isCut: false });
  }

  /** The signal that breaks the connection that is opened now. */
  connect(): AbortSignal {
    this.#connection = new AbortController();
    return this.#connection.signal;
  }

  record(result: StreamResult): void {
    const { events } = this.store.state;
    const number = (events.at(-1)?.number ?? 0) + 1;
    const event = { number, at: new Date(), text: JSON.stringify(result.data ?? result.errors) };
    this.store.set({ events: [...events, event].slice(-MOST_EVENTS) });
  }

  /** Breaks the connection, as a network does. */
  cut(): void {
    this.#resumed = Promise.withResolvers<void>();
    this.store.set({ isCut: true });
    this.#connection.abort();
  }

  resume(): void {
    this.store.set({ isCut: false });
    this.#resumed.resolve();
  }

  /** Resolves once the connection may be opened again; undefined if nobody cut it. */
  untilResumed(): Promise<void> | undefined {
    return this.store.state.isCut ? this.#resumed.promise : undefined;
  }
}
