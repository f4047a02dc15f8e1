/**
 * GraphQL over WebSocket (graphql-transport-ws) on /graphql. Each operation runs as the POST request that it stands
 * for, so mutations are as welcome as queries.
 */
import { getGraphQLWSOptions } from "@graphql-hive/gateway-runtime";
import { useServer } from "graphql-ws/use/ws";
import { WebSocketServer } from "ws";
import { logEvent } from "./log.mjs";
import { LARGEST_BODY_BYTES } from "./requests.mjs";

const CLOSE_GOING_AWAY = 1001;

/** Errors carry the HTTP status of their answer, which means nothing here. */
function withoutHttp(_context, _id, _payload, _args, result) {
  for (const error of result.errors ?? []) delete error.extensions?.http;
  return result;
}

/**
 * @param {import("node:http").Server} server
 * @param {ReturnType<import("@graphql-hive/gateway-runtime").createGatewayRuntime>} gateway
 * @returns {{close(): void}}
 */
export function serveWebSockets(server, gateway) {
  const { Request } = gateway.fetchAPI;
  const sockets = new WebSocketServer({
    server,
    path: gateway.graphqlEndpoint,
    maxPayload: LARGEST_BODY_BYTES,
    perMessageDeflate: false,
  });
  const options = getGraphQLWSOptions(gateway, ({ extra }) => {
    const headers = Object.entries(extra.request.headersDistinct).map(([name, values]) => [name, values.join(", ")]);
    const url = new URL(extra.request.url, `http://${extra.request.headers.host ?? "localhost"}`);
    return { overWebSocket: true, request: new Request(url, { method: "POST", headers }) };
  });
  useServer({ ...options, isProd: true, onNext: withoutHttp }, sockets);
  sockets.on("connection", (socket) => {
    // The library's own listener writes to the console; the socket closes itself after an error.
    socket.removeAllListeners("error");
    socket.on("error", ({ code }) => logEvent("warn", "a WebSocket failed", { code }));
  });
  return {
    close() {
      for (const socket of sockets.clients) socket.close(CLOSE_GOING_AWAY, "Going away");
      sockets.close();
    },
  };
}
