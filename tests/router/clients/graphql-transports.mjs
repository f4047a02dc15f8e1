/** The clients of the two streaming protocols: graphql-sse and graphql-ws, which send every operation by them. */
import { ADVANCE, FOLLOW, INVALID, QUERY, follow, load } from "./operations.mjs";

/** One result of an operation. */
function single(client, query, variables) {
  return new Promise((resolve, reject) => {
    client.subscribe({ query, variables }, { next: resolve, error: reject, complete() {} });
  });
}

async function use(client, order) {
  const variables = { order };
  const { data } = await single(client, QUERY);
  const failed = await single(client, INVALID).then(({ errors }) => errors, (errors) => errors);
  const events = await follow(
    (onEvent, onError) => {
      const sink = { next: (result) => onEvent(result.data), error: onError, complete() {} };
      return client.subscribe({ query: FOLLOW, variables }, sink);
    },
    () => single(client, ADVANCE, variables),
  );
  return { query: data.me.name, error: failed[0].extensions.code, events };
}

export function graphqlSse(url, order) {
  return use(load("graphql-sse").createClient({ url, retryAttempts: 0 }), order);
}

export function graphqlWs(url, order) {
  const options = { url: url.replace("http", "ws"), webSocketImpl: load("ws"), retryAttempts: 0 };
  return use(load("graphql-ws").createClient(options), order);
}
