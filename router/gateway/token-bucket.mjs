/**
 * Buckets of what clients may spend: each operation takes its cost out of the bucket of who asks (of the address
 * where nobody is signed in), which fills again at a constant rate. They live in Redis, for all routers together.
 * While Redis is away everything passes: a limit that is lost for a moment harms less than a shop that stands still.
 */
import { createHash } from "node:crypto";
import { withTimeout } from "./redis.mjs";

/** Takes `cost` where there is enough; answers whether there was, and what is left. */
const TAKE_SCRIPT = `
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

/**
 * @param {ReturnType<import("./redis.mjs").connectRedis> | undefined} redis
 * @param {{bucket: number, restoreRate: number}} settings how much a bucket holds, and what it gets back a second
 */
export function createTokenBuckets(redis, { bucket, restoreRate }) {
  const unlimited = { isAllowed: true, available: bucket, seconds: 0 };
  return {
    /**
     * @param {string} client
     * @param {number} cost
     * @returns {Promise<{isEnough: boolean, available: number, seconds: number}>} what is left, and after how many
     *   seconds there will be enough
     */
    async take(client, cost) {
      if (redis === undefined) return unlimited;
      // Hashed: what identifies people is not kept where anybody might look for it.
      const key = `petplus:cost:${createHash("sha256").update(client).digest("base64url").slice(0, 22)}`;
      try {
        const reply = redis.eval(TAKE_SCRIPT, { keys: [key], arguments: [bucket, restoreRate, cost].map(String) });
        const [allowed, available] = await withTimeout(reply);
        return { isAllowed: allowed === 1, available, seconds: Math.max(1, Math.ceil((cost - available) / restoreRate)) };
      } catch {
        return unlimited; // Redis is away, which its connection tells of
      }
    },
  };
}
