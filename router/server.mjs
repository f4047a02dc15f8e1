/**
 * Starts the router: `node server.mjs`, configured by PETPLUS_* environment variables. The process exits with status 1
 * after an unexpected error, so that the supervisor restarts it, and with status 0 after SIGTERM or SIGINT.
 */
import { createServer } from "node:http";
import { createGatewayRuntime } from "@graphql-hive/gateway-runtime";
import { gatewayConfig } from "./gateway.config.mjs";
import { SCHEMA_PATH, createSchemaPage } from "./gateway/api-schema.mjs";
import { SERVER_TIMEOUTS, limitConnections } from "./gateway/connections.mjs";
import { resolveClientAddress } from "./gateway/client-address.mjs";
import { createHeldBytes } from "./gateway/held-bytes.mjs";
import { captureConsole, logEvent } from "./gateway/log.mjs";
import { createHostRules } from "./gateway/hosts.mjs";
import { refuseTarget, respond } from "./gateway/request-targets.mjs";
import { createReadinessCheck } from "./gateway/readiness.mjs";
import { SettingsError, checkedSettings } from "./gateway/settings-check.mjs";
import { serveWebSockets } from "./gateway/websocket.mjs";

const HEALTH_PATHS = { "/healthz": "/healthcheck" };
const READINESS_PATHS = ["/ready", "/readiness"];
const SHUTDOWN_TIMEOUT_MS = 3_000;
const TOO_MANY_REQUESTS = { status: 429, message: "Too many requests of this network are being handled; try again in 2 s." };

let isServing = false;

function fail(message, error) {
  if (error instanceof SettingsError) {
    logEvent("fatal", "invalid setting", { reason: error.message });
    process.exit(1);
  }
  // Before a request has come, the message cannot quote one.
  logEvent("fatal", message, { reason: isServing ? undefined : error?.message, error });
  process.exit(1);
}

/** What `listen` fails with where the host is not this machine. */
function listenError(error, { host }) {
  if (!["EADDRNOTAVAIL", "ENOTFOUND", "EAI_AGAIN"].includes(error.code)) return error;
  return new SettingsError(`PETPLUS_HOST is wrong: ${host} is no address of this machine.`);
}

async function main() {
  captureConsole();
  const settings = await checkedSettings(process.env);
  const gateway = createGatewayRuntime(gatewayConfig(settings));
  await gateway.getSchema();
  const checkReadiness = createReadinessCheck(gateway, settings);
  const hosts = createHostRules(settings);
  const held = createHeldBytes(settings);
  const paths = settings.isProduction ? [gateway.graphqlEndpoint] : [gateway.graphqlEndpoint, SCHEMA_PATH];
  const respondWithSchema = createSchemaPage(settings);
  const server = createServer(SERVER_TIMEOUTS, (request, response) => {
    const refused = refuseTarget(request, paths, hosts);
    if (refused) return respond(response, refused);
    const address = resolveClientAddress(request, settings.trustedProxies);
    if (!held.countRequest(request, response, address)) return respond(response, TOO_MANY_REQUESTS);
    if (READINESS_PATHS.includes(request.url)) return checkReadiness(response);
    if (request.url === SCHEMA_PATH) return respondWithSchema(response);
    request.url = HEALTH_PATHS[request.url] ?? request.url;
    return gateway(request, response);
  });
  limitConnections(server, settings, held);
  await new Promise((resolve, reject) => {
    server.once("error", (error) => reject(listenError(error, settings)));
    server.listen(settings.port, settings.host, resolve);
  });
  isServing = true;
  const sockets = serveWebSockets(server, gateway, hosts, settings, held);
  for (const signal of ["SIGTERM", "SIGINT"]) {
    process.once(signal, () => {
      setTimeout(() => process.exit(0), SHUTDOWN_TIMEOUT_MS).unref();
      server.close(() => process.exit(0));
      sockets.close();
      server.closeIdleConnections();
    });
  }
}

process.on("unhandledRejection", (error) => fail("unhandled rejection", error));
process.on("uncaughtException", (error) => fail("uncaught exception", error));
main().catch((error) => fail("router start failed", error));
