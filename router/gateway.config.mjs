/** The configuration of the gateway. Each module in `gateway/` contributes one part. */
import { useClientAddress } from "./gateway/client-address.mjs";
import { createCorsOptions, useSecurityHeaders } from "./gateway/browser-headers.mjs";
import { useTrustedDocuments } from "./gateway/trusted-documents.mjs";
import { useCompression } from "./gateway/compression.mjs";
import { useDocumentCache } from "./gateway/document-cache.mjs";
import { useDocumentRules } from "./gateway/document-rules.mjs";
import { unifiedGraphHandler } from "./gateway/execution/executor.mjs";
import { createErrorMask, useMaskedValidation } from "./gateway/errors.mjs";
import { useGetRequests } from "./gateway/get-requests.mjs";
import { readGraphiql } from "./gateway/graphiql.mjs";
import { useRequestId } from "./gateway/headers.mjs";
import { useSessionCookie } from "./gateway/session-cookie.mjs";
import { useIdentity } from "./gateway/identity.mjs";
import { useLimits } from "./gateway/limits.mjs";
import { gatewayLogger } from "./gateway/log.mjs";
import { connectRedis } from "./gateway/redis.mjs";
import { useRequestChecks } from "./gateway/request-checks.mjs";
import { useResponseCache } from "./gateway/response-cache.mjs";
import { useResponses } from "./gateway/responses.mjs";
import { useRateLimit } from "./gateway/rate-limit.mjs";
import { useSubscriptionLimits } from "./gateway/subscription-limits.mjs";
import { subgraphTransport } from "./gateway/subgraph-transport.mjs";
import { POLLING_INTERVAL_MS, supergraphReader } from "./gateway/supergraph.mjs";
import { useVariableChecks } from "./gateway/variables.mjs";

/**
 * @param {ReturnType<import("./gateway/settings.mjs").readSettings>} settings
 * @param {ReturnType<import("./gateway/admission.mjs").createAdmission>} admission
 * @param {ReturnType<import("./gateway/draining.mjs").createDrain>} drain
 */
export function gatewayConfig(settings, admission, drain) {
  const locations = Object.entries(settings.subgraphUrls).map(([name, location]) => [name, { location }]);
  const supergraph = supergraphReader(settings.supergraphPath);
  const graphiql = settings.isProduction ? undefined : readGraphiql(settings);
  const redis = settings.redisUrl && connectRedis(settings.redisUrl);
  return {
    supergraph,
    unifiedGraphHandler,
    pollingInterval: POLLING_INTERVAL_MS,
    transports: { http: subgraphTransport(settings, admission, drain) },
    transportEntries: Object.fromEntries(locations),
    subgraphErrors: false,
    maskedErrors: { maskError: createErrorMask(settings) },
    requestId: false,
    logging: gatewayLogger,
    cors: createCorsOptions(settings.corsOrigins),
    executionCancellation: true,
    landingPage: false,
    graphiql: graphiql?.options ?? false,
    renderGraphiQL: graphiql?.render,
    // The order matters: client address, request checks, document limits, authentication, rate limit.
    plugins: () => [
      useSecurityHeaders(settings),
      useClientAddress(settings.trustedProxies),
      useRequestId(),
      useSessionCookie(),
      useRequestChecks(admission),
      useGetRequests(),
      useResponses(),
      useTrustedDocuments(settings),
      useLimits(settings),
      useDocumentCache(),
      useDocumentRules(),
      useIdentity(settings.tokens),
      useVariableChecks(),
      useSubscriptionLimits(settings),
      useRateLimit(settings.cost, redis),
      useCompression(),
      ...(redis ? [useResponseCache(redis)] : []),
      graphiql ? graphiql.useCaching() : useMaskedValidation(),
    ],
  };
}
