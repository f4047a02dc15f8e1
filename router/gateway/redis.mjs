/**
 * The router's connection to Redis. It is disposable: whoever uses it has to do without while it is away, and is told so
 * at once instead of waiting.
 */
import { createClient } from "@redis/client";
import { logEvent } from "./log.mjs";

const CONNECT_TIMEOUT_MS = 2_000;
const COMMAND_TIMEOUT_MS = 250;
const MAX_RECONNECT_DELAY_MS = 2_000;

/** Sockets are written as Python's client has them: `unix://user:password@/path?db=1`; Node's takes the parts. */
const SOCKET_URL = /^unix:\/\/(?:(?<username>[^:@/]*):(?<password>[^@/]*)@)?(?<path>\/[^?]*)(?:\?(?<query>.*))?$/;

function connectionOptions(url) {
  const socket = SOCKET_URL.exec(url)?.groups;
  if (socket === undefined) return { url, socket: {} };
  return {
    username: socket.username ? decodeURIComponent(socket.username) : undefined,
    password: socket.password ? decodeURIComponent(socket.password) : undefined,
    database: Number(new URLSearchParams(socket.query).get("db") ?? 0),
    socket: { path: decodeURIComponent(socket.path) },
  };
}

/** Waits for commands as long as a request can afford it: a server that hangs is worse than one that is away. */
export async function withTimeout(reply) {
  let timer;
  const timeout = new Promise((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error("Redis takes too long")), COMMAND_TIMEOUT_MS);
  });
  try {
    return await Promise.race([reply, timeout]);
  } finally {
    clearTimeout(timer);
  }
}

/** @param {string} url of the forms redis://, rediss:// and unix:// */
export function connectRedis(url) {
  const options = connectionOptions(url);
  const client = createClient({
    ...options,
    disableOfflineQueue: true,
    socket: {
      ...options.socket,
      connectTimeout: CONNECT_TIMEOUT_MS,
      reconnectStrategy: (attempts) => Math.min(50 * 2 ** attempts, MAX_RECONNECT_DELAY_MS),
    },
  });
  let isDown = false;
  client.on("error", (error) => {
    if (!isDown) logEvent("warn", "Redis is away", { reason: error.code ?? error.name });
    isDown = true;
  });
  client.on("ready", () => {
    if (isDown) logEvent("info", "Redis answers again");
    isDown = false;
  });
  client.connect().catch(() => {}); // it goes on trying, and tells of errors by the event
  return client;
}
