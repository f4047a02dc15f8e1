/**
 * Signs requests to the subgraphs, so that they can reject requests that did not pass the router. Signed are, one per
 * line, the time in Unix seconds, the path, the authorization, the client's address and the request id, followed by
 * the body. `shared/security/request_signature.py` verifies it.
 */
import { createHmac, createSecretKey } from "node:crypto";

const PURPOSE = "requests of the router";

/**
 * Makes the function that signs requests.
 *
 * @param {(purpose: string) => Buffer} deriveKey
 * @returns {(path: string, headers: Record<string, string>, address: string, body: string) => Record<string, string>}
 *   returns the headers that sign a request
 */
export function createSigner(deriveKey) {
  // Created once: Node would convert bytes to a key for each request, which takes four times as long as the signature.
  const key = createSecretKey(deriveKey(PURPOSE));
  return function sign(path, headers, address, body) {
    const time = String(Math.floor(Date.now() / 1000));
    const signed = [time, path, headers.authorization ?? "", address, headers["x-request-id"] ?? "", ""];
    const hmac = createHmac("sha256", key).update(signed.join("\n"), "latin1").update(body);
    return { "x-petplus-time": time, "x-petplus-address": address, "x-petplus-signature": hmac.digest("hex") };
  };
}
