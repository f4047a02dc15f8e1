/** Tells when the client of an operation has left before it was answered, so that what runs for it can end. */

const watched = new WeakMap();

/** A request over HTTP has left when its response is closed unfinished; one over WebSocket says so by its signal. */
function hasLeft({ res, request }) {
  return res === undefined ? request.signal.aborted : res.destroyed && !res.writableFinished;
}

function watch({ res, request }) {
  const actions = new Set();
  const act = () => {
    if (hasLeft({ res, request })) for (const each of actions) each();
  };
  if (res === undefined) request.signal.addEventListener("abort", act, { once: true });
  else res.once("close", act);
  return actions;
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
  let actions = watched.get(context.request);
  if (actions === undefined) watched.set(context.request, (actions = watch(context)));
  actions.add(action);
  return () => actions.delete(action);
}
