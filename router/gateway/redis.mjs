/**
 * The router's connection to Redis. Redis is optional: while it is unavailable, commands fail immediately instead of
 * waiting, and callers must work without it.
 */
import { createClient } from "@redis/client";
import { logEvent } from "./log.mjs";

const CONNECT_TIMEOUT_MS = 2_000;
const COMMAND_TIMEOUT_MS = 250;
const MAX_RECONNECT_DELAY_MS = 2_000;

/** The URL of a socket in the form of redis-py, `unix://user:password@/path?db=1`; Node's client takes its parts. */
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

/** Waits for a reply only as long as a request can afford: a server that hangs is worse than one that is down. */
export async function withTimeout(reply) {
  let timer;
  const timeout = new Promise((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error("Redis timed out")), COMMAND_TIMEOUT_MS);
  });
  try {
    return await Promise.race([reply, timeout]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Connects to Redis, and reconnects whenever the connection is lost.
 *
 * @param {string} url redis://, rediss:// or unix://
 */
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
    if (!isDown) logEvent("warn", "redis unavailable", { reason: error.code ?? error.name });
    isDown = true;
  });
  client.on("ready", () => {
    if (isDown) logEvent("info", "redis available");
    isDown = false;
  });
  client.connect().catch(() => {}); // it reconnects by itself and reports errors by the event
  return client;
}
