/** Relay's runtime with a network of fetch and graphql-ws, as its guide has it. */
import { ADVANCE, FOLLOW, INVALID, QUERY, follow, load } from "./operations.mjs";

const { Environment, Network, Observable, RecordSource, Store, commitMutation, fetchQuery, requestSubscription } =
  load("relay-runtime");

const scalar = (name) => ({ kind: "ScalarField", name, alias: null, args: null, storageKey: null });
const linked = (name, type, selections, args = null) => ({
  ...{ kind: "LinkedField", name, alias: null, args, concreteType: type, plural: false, storageKey: null },
  selections,
});
const ORDER = [{ kind: "Variable", name: "orderId", variableName: "order" }];
const ME = [linked("me", "User", [scalar("id"), scalar("name")])];
const MOVED = [{ ...scalar("orderStatusAdvance"), args: ORDER }];
const CHANGE = linked("orderStatusChanged", "StatusChange", [scalar("version")], ORDER);

/** What the compiler would make of a text. */
function artifact(kind, name, text, selections, variables = []) {
  const argumentDefinitions = variables.map((each) => ({ kind: "LocalArgument", name: each, defaultValue: null }));
  const root = { name, argumentDefinitions, selections };
  const type = kind[0].toUpperCase() + kind.slice(1);
  return {
    kind: "Request",
    fragment: { kind: "Fragment", type, metadata: null, abstractKey: null, ...root },
    operation: { kind: "Operation", ...root },
    params: { id: null, cacheID: name, metadata: {}, name, operationKind: kind, text },
  };
}

export async function relay(url, order) {
  const sockets = load("graphql-ws").createClient({ url: url.replace("http", "ws"), webSocketImpl: load("ws") });
  const accept = "application/graphql-response+json, application/json;q=0.9";
  const headers = { accept, "content-type": "application/json" };
  async function send({ text, name }, variables) {
    const body = JSON.stringify({ query: text, variables, operationName: name });
    return (await fetch(url, { method: "POST", headers, body })).json();
  }
  const listen = ({ text }, variables) =>
    Observable.create((sink) => sockets.subscribe({ query: text, variables }, sink));
  const environment = new Environment({ network: Network.create(send, listen), store: new Store(new RecordSource()) });
  const data = await fetchQuery(environment, artifact("query", "Me", QUERY, ME), {}).toPromise();
  const failed = await fetchQuery(environment, artifact("query", "Invalid", INVALID, ME), {})
    .toPromise()
    .catch((error) => error);
  const variables = { order };
  const events = await follow(
    (onEvent, onError) => {
      const subscription = artifact("subscription", "Follow", FOLLOW, [CHANGE], ["order"]);
      return requestSubscription(environment, { subscription, variables, onNext: onEvent, onError }).dispose;
    },
    () =>
      new Promise((onCompleted, onError) => {
        const mutation = artifact("mutation", "Advance", ADVANCE, MOVED, ["order"]);
        commitMutation(environment, { mutation, variables, onCompleted, onError });
      }),
  );
  return { query: data.me.name, error: failed.source.errors[0].extensions.code, events };
}
