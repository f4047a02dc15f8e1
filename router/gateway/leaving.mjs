/** Tells when the client of an operation has left before it was answered, so that what runs for it can end. */

const watched = new WeakMap();

/** A request over HTTP has left when its response is closed unfinished; one over WebSocket says so by its signal. */
function hasLeft({ res, request }) {
  return res === undefined ? request.signal.aborted : res.destroyed && !res.writableFinished;
}

/** What is to be done when a client leaves; it is watched while there is anything. */
class Watch {
  #context;
  #actions = new Set();

  constructor(context) {
    this.#context = context;
  }

  #act = () => {
    if (hasLeft(this.#context)) for (const each of this.#actions) each();
  };

  add(action) {
    if (this.#actions.size === 0) this.#begin(this.#context);
    this.#actions.add(action);
  }

  delete(action) {
    this.#actions.delete(action);
    if (this.#actions.size === 0) this.#end(this.#context);
  }

  #begin({ res, request }) {
    if (res === undefined) request.signal.addEventListener("abort", this.#act);
    else res.on("close", this.#act);
  }

  /** The signal is a socket's, and outlives the operation. */
  #end({ res, request }) {
    if (res === undefined) request.signal.removeEventListener("abort", this.#act);
    else res.off("close", this.#act);
  }
}

/**
 * @param {{request: Request, res?: import("node:http").ServerResponse}} context an operation's
 * @param {() => void} action what to do when its client leaves, at once where it has
 * @returns {() => void} call it when there is nothing left to end
 */
export function onLeave(context, action) {
  if (hasLeft(context)) {
    action();
    return () => {};
  }
  if (!watched.has(context.request)) watched.set(context.request, new Watch(context));
  const watch = watched.get(context.request);
  watch.add(action);
  return () => watch.delete(action);
}
