/** Whether the streams of a page are connected, for what shows it. */

export class LiveStatus {
  readonly #broken = new Set<object>();
  readonly #listeners = new Set<() => void>();

  get isConnected(): boolean {
    return this.#broken.size === 0;
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Records the state of a stream, named by any object. */
  report(stream: object, isConnected: boolean): void {
    const before = this.isConnected;
    if (isConnected) this.#broken.delete(stream);
    else this.#broken.add(stream);
    if (before !== this.isConnected) for (const listener of this.#listeners) listener();
  }
}
