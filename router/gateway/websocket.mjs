/**
 * GraphQL over WebSocket (graphql-transport-ws) on /graphql. Each operation runs as the equivalent POST request, so
 * mutations are allowed like queries. A running operation is cancelled when its client completes it or closes the
 * socket. The errors of an operation that does not run are an `error` message.
 */
import { GraphQLError, parse } from "graphql";
import { CloseCode, handleProtocols, makeServer } from "graphql-ws";
import { WebSocketServer } from "ws";
import sharedLimits from "../../shared/limits.json" with { type: "json" };
import { resolveClientAddress, setClientAddress } from "./client-address.mjs";
import { createConnectionCounter } from "./connections.mjs";
import { travellingParameters } from "./headers.mjs";
import { logEvent } from "./log.mjs";
import { MAX_BODY_BYTES } from "./request-checks.mjs";
import { refusalBody, refuseTarget } from "./request-targets.mjs";
import { formatErrors, formatResult, isRequestError } from "./results.mjs";
import { OperationExists, SocketOperations } from "./socket-operations.mjs";

const CLOSE_GOING_AWAY = 1001;
const INIT_TIMEOUT_MS = sharedLimits.webSocket.initSeconds * 1_000;
const PING_INTERVAL_MS = sharedLimits.webSocket.pingSeconds * 1_000;
const MAX_OPERATIONS_PER_SOCKET = sharedLimits.webSocket.operations;
/** What a socket may send before it is initialised: a token and a few headers. */
const MAX_INIT_BYTES = sharedLimits.webSocket.initBytes;
const MAX_CLOSE_REASON_BYTES = 123;
/** What the library is told to execute: the gateway parses the document itself. */
const PLACEHOLDER = parse("{ __typename }");

function tooManyOperations() {
  return new GraphQLError(`A connection may run ${MAX_OPERATIONS_PER_SOCKET} operations at once.`, {
    extensions: { code: "LIMIT_EXCEEDED", limit: "operations of a connection", maximum: MAX_OPERATIONS_PER_SOCKET },
  });
}

/** Makes the library's handlers, which run operations by the gateway. */
function operationHandlers(gateway, trustedProxies) {
  const { Request } = gateway.fetchAPI;

  function requestOf({ request: incoming }, signal) {
    const headers = Object.entries(incoming.headersDistinct).map(([name, values]) => [name, values.join(", ")]);
    const url = new URL(incoming.url, `http://${incoming.headers.host ?? "localhost"}`);
    const request = new Request(url, { method: "POST", headers, signal });
    setClientAddress(request, resolveClientAddress(incoming, trustedProxies));
    return request;
  }

  async function onSubscribe({ extra, connectionParams }, id, params) {
    const { signal, refusal } = extra.operations.get(id);
    if (refusal) return [refusal];
    if (extra.operations.size > MAX_OPERATIONS_PER_SOCKET) return [tooManyOperations()];
    const request = requestOf(extra, signal);
    const context = { overWebSocket: true, connectionParams, waitUntil: gateway.waitUntil, params, request };
    const result = await gateway.getResultForParams({ params, request }, context);
    return isRequestError(result) ? result.errors : { document: PLACEHOLDER, result };
  }

  /** Keeps only what the router reads of the parameters, as long as the socket is open. False closes the socket. */
  function onConnect(context) {
    context.connectionParams = travellingParameters(context.connectionParams);
    context.extra.isInitialised = true;
    return context.connectionParams !== undefined;
  }

  return {
    onConnect,
    onSubscribe,
    execute: ({ result }) => result,
    onNext: (_context, _id, _payload, _args, result) => formatResult(result),
    onError: (_context, _id, _payload, errors) => formatErrors(errors),
    connectionInitWaitTimeout: INIT_TIMEOUT_MS,
  };
}

/** Pings a client until its socket closes, and closes the socket when a pong does not come before the next ping. */
function keepAlive(socket) {
  let isAlive = true;
  socket.on("pong", () => (isAlive = true));
  const timer = setInterval(() => {
    if (!isAlive) return socket.terminate();
    isAlive = false;
    socket.ping();
  }, PING_INTERVAL_MS);
  socket.once("close", () => clearInterval(timer));
}

/** Connects a socket with the library. */
function serveSocket(protocol, socket, request) {
  const operations = new SocketOperations();
  function close(code, reason) {
    socket.close(code, Buffer.byteLength(reason) <= MAX_CLOSE_REASON_BYTES ? reason : "");
  }
  function send(text) {
    const translated = operations.send(text);
    if (translated === undefined || socket.readyState !== socket.OPEN) return Promise.resolve();
    return new Promise((resolve, reject) => {
      socket.send(translated, (error) => (error ? reject(error) : resolve()));
    });
  }
  const extra = { request, operations, isInitialised: false };
  function onMessage(handle) {
    socket.on("message", async (data) => {
      if (!extra.isInitialised && data.length > MAX_INIT_BYTES) {
        return close(CloseCode.BadRequest, `A message before the acknowledgement must have at most ${MAX_INIT_BYTES} bytes`);
      }
      try {
        const text = operations.receive(String(data));
        if (text !== undefined) await handle(text);
      } catch (error) {
        if (error instanceof OperationExists) return close(CloseCode.SubscriberAlreadyExists, error.message);
        logEvent("error", "websocket message failed", { error });
        close(CloseCode.InternalServerError, "Internal server error");
      }
    });
  }
  const connection = { protocol: socket.protocol, send, close, onMessage };
  const onClosed = protocol.opened(connection, extra);
  socket.on("error", ({ code }) => logEvent("warn", "websocket error", { code })); // it closes by itself
  socket.once("close", (code, reason) => {
    operations.abort();
    void onClosed(code, String(reason));
  });
  keepAlive(socket);
}

/**
 * Accepts WebSocket connections of a server.
 *
 * @param {import("node:http").Server} server
 * @param {ReturnType<import("@graphql-hive/gateway-runtime").createGatewayRuntime>} gateway
 * @param {ReturnType<import("./hosts.mjs").createHostRules>} hosts
 * @param {{trustedProxies: object, connectionsPerAddress: number}} settings
 * @returns {{close(): void}}
 */
export function serveWebSockets(server, gateway, hosts, { trustedProxies, connectionsPerAddress }) {
  const connections = createConnectionCounter(connectionsPerAddress);
  const protocol = makeServer(operationHandlers(gateway, trustedProxies));
  function refuseHandshake(request) {
    const refused = refuseTarget(request, gateway.graphqlEndpoint, hosts);
    if (refused) return refused;
    if (!hosts.mayOpenSocket(request)) return { status: 403, message: "Pages of this origin may open no WebSocket." };
    if (!connections.isFull(resolveClientAddress(request, trustedProxies))) return undefined;
    return { status: 429, message: "This network has as many WebSockets as it may." };
  }

  const sockets = new WebSocketServer({
    server,
    path: gateway.graphqlEndpoint,
    maxPayload: MAX_BODY_BYTES,
    perMessageDeflate: false,
    handleProtocols,
    verifyClient({ req }, answer) {
      const refused = refuseHandshake(req);
      if (refused === undefined) return answer(true);
      const { body, headers } = refusalBody(refused);
      return answer(false, refused.status, body, headers);
    },
  });
  sockets.on("connection", (socket, request) => {
    connections.add(resolveClientAddress(request, trustedProxies), socket);
    serveSocket(protocol, socket, request);
  });
  return {
    close() {
      for (const socket of sockets.clients) socket.close(CLOSE_GOING_AWAY, "Going away");
      sockets.close();
    },
  };
}
