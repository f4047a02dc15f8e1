/** Tells when the client of an operation has left before it was answered, so that what runs for it can end. */

const listeners = new WeakMap();

/** A request over HTTP has left when its response is closed unfinished; one over WebSocket says so by its signal. */
function isDisconnected({ res, request }) {
  return res === undefined ? request.signal.aborted : res.destroyed && !res.writableFinished;
}

/** What is to be done when a client leaves; it is watched while there is anything. */
class DisconnectListeners {
  #context;
  #actions = new Set();

  constructor(context) {
    this.#context = context;
  }

  #onClose = () => {
    if (isDisconnected(this.#context)) for (const each of this.#actions) each();
  };

  add(action) {
    if (this.#actions.size === 0) this.#listen(this.#context);
    this.#actions.add(action);
  }

  delete(action) {
    this.#actions.delete(action);
    if (this.#actions.size === 0) this.#stopListening(this.#context);
  }

  #listen({ res, request }) {
    if (res === undefined) request.signal.addEventListener("abort", this.#onClose);
    else res.on("close", this.#onClose);
  }

  /** The signal is a socket's, and outlives the operation. */
  #stopListening({ res, request }) {
    if (res === undefined) request.signal.removeEventListener("abort", this.#onClose);
    else res.off("close", this.#onClose);
  }
}

/**
 * @param {{request: Request, res?: import("node:http").ServerResponse}} context an operation's
 * @param {() => void} action what to do when its client leaves, at once where it has
 * @returns {() => void} call it when there is nothing left to end
 */
export function onDisconnect(context, action) {
  if (isDisconnected(context)) {
    action();
    return () => {};
  }
  if (!listeners.has(context.request)) listeners.set(context.request, new DisconnectListeners(context));
  const registered = listeners.get(context.request);
  registered.add(action);
  return () => registered.delete(action);
}
