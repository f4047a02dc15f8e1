/** urql, whose subscriptions are event streams of its fetch exchange; and with its exchange for persisted queries. */
import { ADVANCE, FOLLOW, INVALID, QUERY, follow, load } from "./operations.mjs";

const { Client, fetchExchange } = load("@urql/core");
const { persistedExchange } = load("@urql/exchange-persisted");

async function use(url, order, exchanges) {
  const options = { preferGetMethod: false, fetchSubscriptions: true };
  const client = new Client({ url, exchanges: [...exchanges, fetchExchange], ...options });
  const variables = { order };
  const { data, error } = await client.query(QUERY, {}).toPromise();
  if (error) throw error;
  const failed = await client.query(INVALID, {}).toPromise();
  const events = await follow(
    (onEvent, onError) => {
      const changes = client.subscription(FOLLOW, variables);
      return changes.subscribe((result) => (result.error ? onError(result.error) : onEvent(result.data))).unsubscribe;
    },
    () => client.mutation(ADVANCE, variables).toPromise(),
  );
  return { query: data.me.name, error: failed.error.graphQLErrors[0].extensions.code, events };
}

export function urql(url, order) {
  return use(url, order, []);
}

export function urqlPersisted(url, order) {
  return use(url, order, [persistedExchange({ preferGetForPersistedQueries: false })]);
}
