/** What the client of the graph uses and Hermes, or react-native, may not have. */
import { AppState } from "react-native";

function withResolvers<T>(): PromiseWithResolvers<T> {
  let resolve: PromiseWithResolvers<T>["resolve"] = () => undefined;
  let reject: PromiseWithResolvers<T>["reject"] = () => undefined;
  const promise = new Promise<T>((onResolved, onRejected) => {
    [resolve, reject] = [onResolved, onRejected];
  });
  return { promise, resolve, reject };
}

/** A signal that aborts with the first of the given ones. */
function any(signals: Iterable<AbortSignal>): AbortSignal {
  const controller = new AbortController();
  const abort = (): void => controller.abort();
  for (const signal of signals) {
    if (signal.aborted) abort();
    signal.addEventListener("abort", abort);
  }
  return controller.signal;
}

/** The pauses of the client end when the device is online: here, when the viewer comes back to the app. */
function listen(kind: string, listener: () => void, { signal }: { signal?: AbortSignal } = {}): void {
  if (kind !== "online") return;
  const watching = AppState.addEventListener("change", (state) => {
    if (state === "active") listener();
  });
  signal?.addEventListener("abort", () => watching.remove());
}

export function addWhatIsMissing(): void {
  Promise.withResolvers ??= withResolvers;
  AbortSignal.any ??= any;
  globalThis.addEventListener ??= listen as typeof globalThis.addEventListener;
}
