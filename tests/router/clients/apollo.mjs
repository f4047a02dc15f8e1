/** Apollo Client: automatic persisted queries that fall back, and subscriptions over HTTP (multipart). */
import { createHash } from "node:crypto";
import { ADVANCE, FOLLOW, INVALID, QUERY, follow, load } from "./operations.mjs";

const { ApolloClient, ApolloLink, HttpLink, InMemoryCache, gql } = load("@apollo/client");
const { PersistedQueryLink } = load("@apollo/client/link/persisted-queries");

export async function apollo(url, order) {
  const sha256 = (text) => createHash("sha256").update(text).digest("hex");
  const link = ApolloLink.from([new PersistedQueryLink({ sha256 }), new HttpLink({ uri: url })]);
  const clientAwareness = { name: "tests", version: "1" };
  const client = new ApolloClient({ link, cache: new InMemoryCache(), clientAwareness });
  const direct = new ApolloClient({ link: new HttpLink({ uri: url }), cache: new InMemoryCache() });
  const { data } = await client.query({ query: gql(QUERY) });
  const failed = await client.query({ query: gql(INVALID) }).catch((error) => error);
  const variables = { order };
  const events = await follow(
    (onEvent, onError) => {
      const changes = direct.subscribe({ query: gql(FOLLOW), variables });
      const subscription = changes.subscribe({
        next: (result) => (result.error ? onError(result.error) : onEvent(result.data)),
        error: onError,
      });
      return () => subscription.unsubscribe();
    },
    () => client.mutate({ mutation: gql(ADVANCE), variables }),
  );
  return { query: data.me.name, error: failed.errors[0].extensions.code, events };
}
