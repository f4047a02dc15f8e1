/**
 * GraphQL over WebSocket (graphql-transport-ws) on /graphql. Each operation runs as the equivalent POST request, so
 * mutations are allowed like queries. Running operations are cancelled when the socket closes.
 */
import { getGraphQLWSOptions } from "@graphql-hive/gateway-runtime";
import { GraphQLError } from "graphql";
import { useServer } from "graphql-ws/use/ws";
import { WebSocketServer } from "ws";
import { resolveClientAddress, setClientAddress } from "./client-address.mjs";
import { isAllowedOrigin } from "./browser-headers.mjs";
import { logEvent } from "./log.mjs";
import { MAX_BODY_BYTES } from "./request-checks.mjs";

const CLOSE_GOING_AWAY = 1001;
const INIT_TIMEOUT_MS = 3_000;
const MAX_OPERATIONS_PER_SOCKET = 100;

/** Removes the HTTP status of errors, which has no meaning here. */
function withoutHttp(_context, _id, _payload, _args, result) {
  for (const error of result.errors ?? []) delete error.extensions?.http;
  return result;
}

function tooManyOperations() {
  return new GraphQLError(`A connection may run ${MAX_OPERATIONS_PER_SOCKET} operations at once.`, {
    extensions: { code: "LIMIT_EXCEEDED", limit: "operations of a connection", maximum: MAX_OPERATIONS_PER_SOCKET },
  });
}

/** Counts sockets by address. */
function createConnectionCounter(maximum) {
  const open = new Map();
  return {
    isFull: (address) => (open.get(address) ?? 0) >= maximum,
    add(address, socket) {
      open.set(address, (open.get(address) ?? 0) + 1);
      socket.once("close", () => {
        const remaining = open.get(address) - 1;
        if (remaining > 0) open.set(address, remaining);
        else open.delete(address);
      });
    },
  };
}

/**
 * Accepts WebSocket connections of a server.
 *
 * @param {import("node:http").Server} server
 * @param {ReturnType<import("@graphql-hive/gateway-runtime").createGatewayRuntime>} gateway
 * @param {{trustedProxies: object, corsOrigins: string[], connectionsPerAddress: number}} settings
 * @returns {{close(): void}}
 */
export function serveWebSockets(server, gateway, { trustedProxies, corsOrigins, connectionsPerAddress }) {
  const { Request } = gateway.fetchAPI;
  const connections = createConnectionCounter(connectionsPerAddress);
  const abortControllers = new WeakMap();
  const sockets = new WebSocketServer({
    server,
    path: gateway.graphqlEndpoint,
    maxPayload: MAX_BODY_BYTES,
    perMessageDeflate: false,
    verifyClient({ req }, answer) {
      if (!isAllowedOrigin(req, corsOrigins)) answer(false, 403);
      else if (connections.isFull(resolveClientAddress(req, trustedProxies))) answer(false, 429);
      else answer(true);
    },
  });
  const options = getGraphQLWSOptions(gateway, ({ extra }) => {
    const headers = Object.entries(extra.request.headersDistinct).map(([name, values]) => [name, values.join(", ")]);
    const url = new URL(extra.request.url, `http://${extra.request.headers.host ?? "localhost"}`);
    const { signal } = abortControllers.get(extra.socket);
    const request = new Request(url, { method: "POST", headers, signal });
    setClientAddress(request, resolveClientAddress(extra.request, trustedProxies));
    return { overWebSocket: true, request };
  });
  function onSubscribe(context, ...rest) {
    const running = Object.keys(context.subscriptions).length;
    return running > MAX_OPERATIONS_PER_SOCKET ? [tooManyOperations()] : options.onSubscribe(context, ...rest);
  }
  const handlers = { ...options, onSubscribe, isProd: true, onNext: withoutHttp };
  sockets.on("connection", (socket, request) => {
    connections.add(resolveClientAddress(request, trustedProxies), socket);
    const controller = new AbortController();
    abortControllers.set(socket, controller);
    socket.once("close", () => controller.abort());
  });
  useServer({ ...handlers, connectionInitWaitTimeout: INIT_TIMEOUT_MS }, sockets);
  sockets.on("connection", (socket) => {
    // Replaces the library's listener, which writes to the console. A socket closes by itself after an error.
    socket.removeAllListeners("error");
    socket.on("error", ({ code }) => logEvent("warn", "websocket error", { code }));
  });
  return {
    close() {
      for (const socket of sockets.clients) socket.close(CLOSE_GOING_AWAY, "Going away");
      sockets.close();
    },
  };
}
