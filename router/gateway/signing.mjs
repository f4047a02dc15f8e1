/**
 * Signs requests to the subgraphs, so that they can reject requests that did not pass the router. Signed are, one per
 * line, the name of the subgraph, the time in Unix seconds, the path, the authorization, the client's address, the
 * request id and the milliseconds that the request may wait for others, followed by the body. `shared/security/request_signature.py` verifies it.
 */
import { createHmac, createSecretKey } from "node:crypto";

const PURPOSE = "requests of the router";

/**
 * Makes the function that signs requests to one subgraph, at which alone its signatures are valid.
 *
 * @param {string} subgraph its name in the supergraph
 * @param {(purpose: string) => Buffer} deriveKey
 * @returns {(path: string, headers: Record<string, string>, address: string, waitMs: number, body: string) =>
 *   Record<string, string>} returns the headers that sign a request
 */
export function createSigner(subgraph, deriveKey) {
  // Created once: Node would convert bytes to a key for each request, which takes four times as long as the signature.
  const key = createSecretKey(deriveKey(PURPOSE));
  return function sign(path, headers, address, waitMs, body) {
    const wait = String(Math.round(waitMs));
    const time = String(Math.floor(Date.now() / 1000));
    const { authorization = "", "x-request-id": requestId = "" } = headers;
    const signed = [subgraph, time, path, authorization, address, requestId, wait, ""];
    const hmac = createHmac("sha256", key).update(signed.join("\n"), "latin1").update(body);
    const said = { "x-petplus-time": time, "x-petplus-address": address, "x-petplus-wait": wait };
    return { ...said, "x-petplus-signature": hmac.digest("hex") };
  };
}
