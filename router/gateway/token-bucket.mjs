/**
 * Token buckets of cost, one per client: the viewer's id, or the address of an anonymous client. Each operation takes
 * its cost; the bucket refills at a constant rate. The buckets live in Redis, so all routers share them. Every
 * operation is allowed while Redis is unavailable: a limit that is lost for a moment harms less than an outage.
 */
import { createHash } from "node:crypto";
import { withTimeout } from "./redis.mjs";

/** Takes `cost` if the bucket holds enough. Returns whether it did, and what remains. */
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
 * Opens the buckets.
 *
 * @param {ReturnType<import("./redis.mjs").connectRedis> | undefined} redis
 * @param {{bucket: number, restoreRate: number}} settings the capacity of a bucket, and its refill per second
 */
export function createTokenBuckets(redis, { bucket, restoreRate }) {
  const unlimited = { isAllowed: true, available: bucket, seconds: 0 };
  return {
    /**
     * Takes a cost from the bucket of a client.
     *
     * @param {string} client
     * @param {number} cost
     * @returns {Promise<{isAllowed: boolean, available: number, seconds: number}>} whether there was enough, what
     *   remains, and after how many seconds there will be enough
     */
    async take(client, cost) {
      if (redis === undefined) return unlimited;
      // Hashed, so that Redis holds no personal data.
      const key = `petplus:cost:${createHash("sha256").update(client).digest("base64url").slice(0, 22)}`;
      try {
        const reply = redis.eval(TAKE_SCRIPT, { keys: [key], arguments: [bucket, restoreRate, cost].map(String) });
        const [allowed, available] = await withTimeout(reply);
        const seconds = Math.max(1, Math.ceil((cost - available) / restoreRate));
        return { isAllowed: allowed === 1, available, seconds };
      } catch {
        return unlimited; // Redis is unavailable, which its connection logs
      }
    },
  };
}
