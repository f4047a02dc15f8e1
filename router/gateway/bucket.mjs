/**
 * Buckets of what clients may spend: each operation takes its cost out of the bucket of who asks (of the address
 * where nobody is signed in), which fills again at a constant rate. They live in Redis, for all routers together.
 * While Redis is away everything passes: a limit that is lost for a moment harms less than a shop that stands still.
 */
import { createHash } from "node:crypto";
import { createClient } from "@redis/client";
import { logEvent } from "./log.mjs";

const PATIENCE_MS = 250;

/** Takes `cost` where there is enough; answers whether there was, and what is left. */
const TAKE = `
local capacity, rate, cost = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local clock = redis.call('TIME')
local now = clock[1] + clock[2] / 1000000
local kept = redis.call('HMGET', KEYS[1], 'left', 'at')
local left = capacity
if kept[1] then left = math.min(capacity, tonumber(kept[1]) + math.max(0, now - tonumber(kept[2])) * rate) end
local enough = left >= cost
if enough then left = left - cost end
redis.call('HSET', KEYS[1], 'left', string.format('%.3f', left), 'at', string.format('%.6f', now))
redis.call('EXPIRE', KEYS[1], math.ceil(capacity / rate) + 1)
return {enough and 1 or 0, math.floor(left)}
`;

/** The path to a socket, as the subgraphs' client reads it: it is no URL that Node would. */
const SOCKET = /^unix:\/\/(?:(?<user>[^:@/]*):(?<password>[^@/]*)@)?(?<path>\/[^?]*)(?:\?(?<query>.*))?$/;

function optionsOf(text) {
  const common = { disableOfflineQueue: true, commandsQueueMaxLength: 10_000 };
  const socket = { connectTimeout: 2_000, reconnectStrategy: (retries) => Math.min(50 * 2 ** retries, 2_000) };
  const found = SOCKET.exec(text)?.groups;
  if (!found) return { ...common, url: text, socket };
  return {
    ...common,
    socket: { ...socket, path: found.path },
    username: found.user || undefined,
    password: decodeURIComponent(found.password ?? "") || undefined,
    database: Number(new URLSearchParams(found.query).get("db") ?? 0),
  };
}

function late() {
  return new Promise((_, reject) => setTimeout(reject, PATIENCE_MS, new Error("Redis does not answer in time")).unref());
}

/** @param {{redisUrl: string | undefined, bucket: number, restoreRate: number}} settings */
export function openBuckets({ redisUrl, bucket, restoreRate }) {
  const client = redisUrl && createClient(optionsOf(redisUrl));
  let isAway = client === undefined;

  function note(error) {
    if (isAway === (error !== undefined)) return;
    isAway = error !== undefined;
    if (isAway) logEvent("warn", "Redis is away: operations are not counted", { error });
    else logEvent("warn", "Redis answers again: operations are counted");
  }

  client?.on("error", note);
  client?.connect().catch(note);
  return {
    /**
     * @param {string} whose
     * @param {number} cost
     * @returns {Promise<{isEnough: boolean, available: number, seconds: number}>} what is left, and after how many
     *   seconds there will be enough
     */
    async take(whose, cost) {
      const free = { isEnough: true, available: bucket, seconds: 0 };
      if (client === undefined) return free;
      // Hashed: what identifies people is not kept where anybody might look for it.
      const key = `petplus:cost:${createHash("sha256").update(whose).digest("base64url").slice(0, 22)}`;
      try {
        const taking = client.eval(TAKE, { keys: [key], arguments: [bucket, restoreRate, cost].map(String) });
        const [enough, available] = await Promise.race([taking, late()]);
        note(undefined);
        return { isEnough: enough === 1, available, seconds: Math.max(1, Math.ceil((cost - available) / restoreRate)) };
      } catch (error) {
        note(error);
        return free;
      }
    },
  };
}
