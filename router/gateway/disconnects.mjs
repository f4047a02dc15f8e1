/** Notices a client that disconnects before its operation is complete, so that the work for it can be cancelled. */

const listeners = new WeakMap();

/** Over HTTP the response is closed before it is finished; over WebSocket the request's signal is aborted. */
function isDisconnected({ res, request }) {
  return res === undefined ? request.signal.aborted : res.destroyed && !res.writableFinished;
}

/** The actions for one request. The close event is listened to while there is at least one. */
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

  /** The signal belongs to the socket and outlives the operation. */
  #stopListening({ res, request }) {
    if (res === undefined) request.signal.removeEventListener("abort", this.#onClose);
    else res.off("close", this.#onClose);
  }
}

/**
 * Calls an action when the client disconnects, or immediately if it has.
 *
 * @param {{request: Request, res?: import("node:http").ServerResponse}} context of the operation
 * @param {() => void} action
 * @returns {() => void} removes the action
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
