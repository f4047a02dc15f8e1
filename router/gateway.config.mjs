/** The configuration of the gateway: what each concern in `gateway/` contributes. */
import { useAccess } from "./gateway/access.mjs";
import { useAddresses } from "./gateway/addresses.mjs";
import { corsFor, useSecurityHeaders } from "./gateway/browsers.mjs";
import { useTrustedDocuments } from "./gateway/documents.mjs";
import { maskFor, useUnfitDocuments } from "./gateway/errors.mjs";
import { graphiqlOptions, renderPage } from "./gateway/graphiql.mjs";
import { useRequestId } from "./gateway/headers.mjs";
import { useIdentity } from "./gateway/identity.mjs";
import { useLimits } from "./gateway/limits.mjs";
import { gatewayLogger } from "./gateway/log.mjs";
import { connectRedis } from "./gateway/redis.mjs";
import { useRequestChecks, useStreamNegotiation } from "./gateway/requests.mjs";
import { useResponseCache } from "./gateway/response-cache.mjs";
import { useSpending } from "./gateway/spending.mjs";
import { subgraphTransport } from "./gateway/subgraphs.mjs";
import { POLLING_INTERVAL_MS, supergraphReader } from "./gateway/supergraph.mjs";

/** @param {ReturnType<import("./gateway/settings.mjs").readSettings>} settings */
export function gatewayConfig(settings) {
  const locations = Object.entries(settings.subgraphUrls).map(([name, location]) => [name, { location }]);
  const supergraph = supergraphReader(settings.supergraphPath);
  const redis = settings.redisUrl && connectRedis(settings.redisUrl);
  return {
    supergraph,
    pollingInterval: POLLING_INTERVAL_MS,
    transports: { http: subgraphTransport(settings) },
    transportEntries: Object.fromEntries(locations),
    subgraphErrors: false,
    maskedErrors: { maskError: maskFor(settings) },
    requestId: false,
    logging: gatewayLogger,
    cors: corsFor(settings.corsOrigins),
    executionCancellation: true,
    landingPage: false,
    graphiql: !settings.isProduction && graphiqlOptions(),
    renderGraphiQL: renderPage,
    // In this order: a request is placed, read and limited, its sender known, what it asks for paid and permitted.
    plugins: () => [
      useSecurityHeaders(settings),
      useAddresses(settings.trustedProxies),
      useRequestId(),
      useRequestChecks(),
      useStreamNegotiation(),
      useTrustedDocuments(settings),
      useLimits(settings),
      useIdentity(settings.tokens),
      useSpending(settings.cost, redis),
      useAccess(supergraph.current),
      ...(redis ? [useResponseCache(redis)] : []),
      ...(settings.isProduction ? [useUnfitDocuments()] : []),
    ],
  };
}
