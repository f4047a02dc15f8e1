/** The router's server: hands each request to a page, a probe, an app or the gateway. */
import { createServer } from "node:http";
import { createGatewayRuntime } from "@graphql-hive/gateway-runtime";
import { gatewayConfig } from "../gateway.config.mjs";
import { createAdmission } from "./admission.mjs";
import { SCHEMA_PATH, createSchemaPage } from "./api-schema.mjs";
import { createApps } from "./apps.mjs";
import { SERVER_TIMEOUTS, limitConnections } from "./connections.mjs";
import { resolveClientAddress } from "./client-address.mjs";
import { createDrain, stopAtSignal } from "./draining.mjs";
import { createHeldBytes } from "./held-bytes.mjs";
import { createHostRules } from "./hosts.mjs";
import { isOwnPath, refuseTarget, respond } from "./request-targets.mjs";
import { createReadinessCheck } from "./readiness.mjs";
import { SettingsError } from "./settings-check.mjs";
import { serveWebSockets } from "./websocket.mjs";

const HEALTH_PATHS = { "/healthz": "/healthcheck" };
const READINESS_PATHS = ["/ready", "/readiness"];
const TOO_MANY_REQUESTS = { status: 429, message: "Too many requests of this network are being handled; try again in 2 s." };

/** What `listen` fails with where the host is not this machine. */
function listenError(error, { host }) {
  if (!["EADDRNOTAVAIL", "ENOTFOUND", "EAI_AGAIN"].includes(error.code)) return error;
  return new SettingsError(`PETPLUS_HOST is wrong: ${host} is no address of this machine.`);
}

/**
 * Answers requests until SIGTERM or SIGINT, at which the process exits with status 0; returns once it listens.
 *
 * @param {ReturnType<import("./settings.mjs").readSettings>} settings
 */
export async function listen(settings) {
  const admission = createAdmission(settings);
  const drain = createDrain();
  const gateway = createGatewayRuntime(gatewayConfig(settings, admission, drain));
  await gateway.getSchema();
  const checkReadiness = createReadinessCheck(gateway, settings, drain);
  const hosts = createHostRules(settings);
  const held = createHeldBytes(settings);
  const paths = settings.isProduction ? [gateway.graphqlEndpoint] : [gateway.graphqlEndpoint, SCHEMA_PATH];
  const respondWithSchema = createSchemaPage(settings);
  const findAppAnswer = createApps(settings);
  const server = createServer(SERVER_TIMEOUTS, (request, response) => {
    const answerOfApp = isOwnPath(request, paths) ? undefined : findAppAnswer(request);
    const refused = answerOfApp ? hosts.refuseHost(request) : refuseTarget(request, paths, hosts);
    if (refused) return respond(response, refused);
    const address = resolveClientAddress(request, settings.trustedProxies);
    if (!held.countRequest(request, response, address)) return respond(response, TOO_MANY_REQUESTS);
    if (answerOfApp) return answerOfApp(response);
    if (READINESS_PATHS.includes(request.url)) return checkReadiness(response);
    if (request.url === SCHEMA_PATH) return respondWithSchema(response);
    request.url = HEALTH_PATHS[request.url] ?? request.url;
    return gateway(request, response);
  });
  limitConnections(server, settings, held);
  drain.watch(server);
  await new Promise((resolve, reject) => {
    server.once("error", (error) => reject(listenError(error, settings)));
    server.listen(settings.port, settings.host, resolve);
  });
  const sockets = serveWebSockets(server, gateway, hosts, settings, held, admission);
  stopAtSignal(server, sockets, drain, settings);
}
