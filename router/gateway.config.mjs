/** The configuration of the gateway: what each concern in `gateway/` contributes. */
import httpTransport from "@graphql-mesh/transport-http";
import { agentFor } from "./gateway/connections.mjs";
import { maskError, useSubgraphErrors } from "./gateway/errors.mjs";
import { eventStreamTransport } from "./gateway/event-stream.mjs";
import { graphiqlOptions, renderPage } from "./gateway/graphiql.mjs";
import { forwardedHeaders, useRequestId } from "./gateway/headers.mjs";
import { gatewayLogger } from "./gateway/log.mjs";
import { connectRedis } from "./gateway/redis.mjs";
import { useRequestChecks, useStreamNegotiation } from "./gateway/requests.mjs";
import { useResponseCache } from "./gateway/response-cache.mjs";
import { POLLING_INTERVAL_MS, supergraphReader } from "./gateway/supergraph.mjs";

/** Accepting a subscription may take longer than answering a query: clients that lost a subgraph return all at once. */
const ACCEPT_TIMEOUTS = 3;

/** @param {ReturnType<import("./gateway/settings.mjs").readSettings>} settings */
export function gatewayConfig(settings) {
  const locations = Object.entries(settings.subgraphUrls).map(([name, location]) => [
    name,
    { location, options: { subscriptions: { kind: "event-stream" } } },
  ]);
  const redis = settings.redisUrl && connectRedis(settings.redisUrl);
  return {
    supergraph: supergraphReader(settings.supergraphPath),
    pollingInterval: POLLING_INTERVAL_MS,
    transports: {
      http: httpTransport,
      "event-stream": eventStreamTransport(ACCEPT_TIMEOUTS * settings.upstreamTimeoutMs),
    },
    transportEntries: Object.fromEntries(locations),
    customAgent: agentFor,
    propagateHeaders: { fromClientToSubgraphs: forwardedHeaders },
    upstreamTimeout: ({ executionRequest }) =>
      executionRequest?.operationType === "subscription" ? undefined : settings.upstreamTimeoutMs,
    subgraphErrors: false,
    maskedErrors: { maskError },
    requestId: false,
    logging: gatewayLogger,
    cors: { origin: "*", credentials: false, methods: ["GET", "POST"] },
    landingPage: false,
    graphiql: settings.environment === "development" && graphiqlOptions(),
    renderGraphiQL: renderPage,
    plugins: () => [
      useRequestId(),
      useRequestChecks(),
      useStreamNegotiation(),
      useSubgraphErrors(),
      ...(redis ? [useResponseCache(redis)] : []),
    ],
  };
}
