/**
 * GraphQL over WebSocket (graphql-transport-ws) on /graphql. Each operation runs as the equivalent POST request, so
 * mutations are allowed like queries. A running operation is cancelled when its client completes it or closes the
 * socket. The errors of an operation that does not run are an `error` message.
 */
import { GraphQLError, parse } from "graphql";
import { CloseCode, handleProtocols, makeServer } from "graphql-ws";
import { WebSocketServer } from "ws";
import sharedLimits from "../../shared/limits.json" with { type: "json" };
import { notAdmitted } from "./admission.mjs";
import { resolveClientAddress, setClientAddress } from "./client-address.mjs";
import { createConnectionCounter } from "./connections.mjs";
import { travellingHeaders, travellingParameters } from "./headers.mjs";
import { logEvent } from "./log.mjs";
import { MAX_BODY_BYTES } from "./request-checks.mjs";
import { refusalBody, refuseTarget } from "./request-targets.mjs";
import { formatErrors, formatResult, isRequestError } from "./results.mjs";
import { MAX_SHORT_MESSAGE_BYTES, MessageTooLarge, OperationExists, SocketOperations } from "./socket-operations.mjs";
import { idOf } from "./trusted-documents.mjs";

/** "Service Restart": clients connect again. */
const CLOSE_SERVICE_RESTART = 1012;
/** How long a client may take to close its side when the router stops. */
const CLOSE_TIMEOUT_MS = 2_000;
const INIT_TIMEOUT_MS = sharedLimits.webSocket.initSeconds * 1_000;
const PING_INTERVAL_MS = sharedLimits.webSocket.pingSeconds * 1_000;
const MAX_OPERATIONS_PER_SOCKET = sharedLimits.webSocket.operations;
const MAX_CLOSE_REASON_BYTES = 123;
/** No more messages are read of a client that has left so much unread. */
const MAX_UNREAD_BYTES_OF_SOCKET = sharedLimits.heldBytes.unreadOfSocket;
/** The header of the short frames of a client: of pings and pongs. */
const CONTROL_FRAME_BYTES = 6;
/** What the library is told to execute: the gateway parses the document itself. */
const PLACEHOLDER = parse("{ __typename }");

function tooManyOperations() {
  return new GraphQLError(`A connection may run ${MAX_OPERATIONS_PER_SOCKET} operations at once.`, {
    extensions: { code: "LIMIT_EXCEEDED", limit: "operations of a connection", maximum: MAX_OPERATIONS_PER_SOCKET },
  });
}

/** Makes the library's handlers, which run operations by the gateway. */
function operationHandlers(gateway, admission) {
  const { Request } = gateway.fetchAPI;
  const url = new URL(gateway.graphqlEndpoint, "http://localhost");

  function requestOf({ client: { address, headers } }, signal) {
    const request = new Request(url, { method: "POST", headers, signal });
    setClientAddress(request, address);
    return request;
  }

  /** Runs an operation when its turn comes. A subscription holds its place until it has begun. */
  async function admitted(params, request, context) {
    if (!(await admission.admit(context, String(params.query ?? idOf(params))))) return { errors: [notAdmitted()] };
    try {
      return await gateway.getResultForParams({ params, request }, context);
    } finally {
      admission.leave(request);
    }
  }

  async function onSubscribe({ extra, connectionParams }, id, params) {
    const { signal, refusal } = extra.operations.get(id);
    if (refusal) return [refusal];
    if (extra.operations.size > MAX_OPERATIONS_PER_SOCKET) return [tooManyOperations()];
    const request = requestOf(extra, signal);
    const context = { overWebSocket: true, connectionParams, waitUntil: gateway.waitUntil, params, request };
    const result = await extra.received.answer(() => admitted(params, request, context));
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

/** Reads no more messages while a client leaves unread what it was sent. */
function limitUnread(socket) {
  if (socket.bufferedAmount > MAX_UNREAD_BYTES_OF_SOCKET) socket.pause();
  else socket.resume();
}

/** Pings a client until its socket closes, and closes the socket when a pong does not come before the next ping. */
function keepAlive(socket) {
  let isAlive = true;
  socket.on("pong", () => (isAlive = true));
  const timer = setInterval(() => {
    if (!isAlive) return socket.terminate();
    isAlive = false;
    socket.ping(undefined, undefined, () => limitUnread(socket));
  }, PING_INTERVAL_MS);
  socket.once("close", () => clearInterval(timer));
}

/**
 * Counts what a socket has received and not handled. A message that never ends is counted as well, which the library
 * does not tell of: so the bytes of the connection are counted.
 *
 * @returns {{start(bytes: number): void, end(bytes: number): void, answer<T>(work: () => Promise<T>): Promise<T>}}
 *   called when a message is complete, when it is handled, and with what finds the result of an operation
 */
function countReceived(socket, stream, received) {
  let incomplete = 0;
  let lastChunk = 0;
  let handled = 0;
  let unanswered = 0;
  function count() {
    if (!received.set(incomplete + handled, unanswered)) socket.terminate();
  }
  stream.prependListener("data", ({ length }) => {
    lastChunk = length;
    incomplete += length;
    count();
  });
  for (const event of ["ping", "pong"]) {
    socket.on(event, ({ length }) => {
      incomplete = Math.max(0, incomplete - length - CONTROL_FRAME_BYTES);
      limitUnread(socket); // the library answers pings
    });
  }
  socket.once("close", () => {
    incomplete = 0;
    count();
  });
  return {
    start(bytes) {
      // The headers of its frames are not known. What follows a message has come with its end.
      incomplete = Math.max(0, Math.min(incomplete - bytes, lastChunk));
      handled += bytes;
      count();
    },
    async answer(work) {
      unanswered += 1;
      count();
      try {
        return await work();
      } finally {
        unanswered -= 1;
        count();
      }
    },
    end(bytes) {
      handled -= bytes;
      count();
    },
  };
}

/** Connects a socket with the library. Returns the function that closes it as soon as none of its operations runs. */
function serveSocket(protocol, socket, stream, client, held) {
  const operations = new SocketOperations();
  const received = countReceived(socket, stream, held.countReceived(client.address));
  function close(code, reason) {
    socket.close(code, Buffer.byteLength(reason) <= MAX_CLOSE_REASON_BYTES ? reason : "");
  }
  let isStopping = false;
  function closeIfStopped() {
    if (!isStopping || operations.size > 0 || socket.readyState !== socket.OPEN) return;
    close(CLOSE_SERVICE_RESTART, "Service restart");
    setTimeout(() => socket.terminate(), CLOSE_TIMEOUT_MS).unref();
  }
  function send(text) {
    const translated = operations.send(text);
    if (translated === undefined || socket.readyState !== socket.OPEN) return Promise.resolve();
    const sent = new Promise((resolve, reject) => {
      socket.send(translated, (error) => {
        limitUnread(socket);
        if (error) reject(error);
        else resolve();
      });
    });
    limitUnread(socket);
    closeIfStopped();
    return sent;
  }
  const extra = { client, operations, received, isInitialised: false };
  function onMessage(handle) {
    socket.on("message", async (data) => {
      if (!extra.isInitialised && data.length > MAX_SHORT_MESSAGE_BYTES) {
        const reason = `A message before the acknowledgement must have at most ${MAX_SHORT_MESSAGE_BYTES} bytes`;
        return close(CloseCode.BadRequest, reason);
      }
      received.start(data.length);
      try {
        const text = operations.receive(String(data));
        if (text !== undefined) await handle(text);
      } catch (error) {
        if (error instanceof MessageTooLarge) return close(CloseCode.BadRequest, error.message);
        if (error instanceof OperationExists) return close(CloseCode.SubscriberAlreadyExists, error.message);
        logEvent("error", "websocket message failed", { error });
        close(CloseCode.InternalServerError, "Internal server error");
      } finally {
        received.end(data.length);
        closeIfStopped();
      }
    });
  }
  const connection = { protocol: socket.protocol, send, close, onMessage };
  const onClosed = protocol.opened(connection, extra);
  const stopCounting = held.countUnread(client.address, () => socket.bufferedAmount, () => socket.terminate());
  socket.on("error", ({ code }) => logEvent("warn", "websocket error", { code })); // it closes by itself
  socket.once("close", (code, reason) => {
    stopCounting();
    operations.abort();
    void onClosed(code, String(reason));
  });
  keepAlive(socket);
  return function stop() {
    isStopping = true;
    closeIfStopped();
  };
}

/**
 * Accepts WebSocket connections of a server.
 *
 * @param {import("node:http").Server} server
 * @param {ReturnType<import("@graphql-hive/gateway-runtime").createGatewayRuntime>} gateway
 * @param {ReturnType<import("./hosts.mjs").createHostRules>} hosts
 * @param {{trustedProxies: object, connectionsPerAddress: number}} settings
 * @param {ReturnType<import("./held-bytes.mjs").createHeldBytes>} held
 * @param {ReturnType<import("./admission.mjs").createAdmission>} admission
 * @returns {{stop(): void}} lets operations end, and closes each socket after its last
 */
export function serveWebSockets(server, gateway, hosts, { trustedProxies, connectionsPerAddress }, held, admission) {
  const connections = createConnectionCounter(connectionsPerAddress);
  const protocol = makeServer(operationHandlers(gateway, admission));
  const open = new Set();
  function refuseHandshake(request) {
    const refused = refuseTarget(request, [gateway.graphqlEndpoint], hosts);
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
    const address = resolveClientAddress(request, trustedProxies);
    connections.add(address, socket);
    // The request itself would be kept as long as the socket.
    const stop = serveSocket(protocol, socket, request.socket, { address, headers: travellingHeaders(request) }, held);
    open.add(stop);
    socket.once("close", () => open.delete(stop));
  });
  return {
    stop() {
      for (const stop of open) stop();
      sockets.close();
    },
  };
}
