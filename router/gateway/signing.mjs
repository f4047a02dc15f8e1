/**
 * Signs what goes to the subgraphs, so that they can tell it from what anybody else sends them. Signed are, one a
 * line, the time in Unix seconds, the path, the authorization, the client's address and the request id, and after
 * them the body; `shared/signing.py` checks it.
 *
 * It is done at the last moment: equal requests in flight share one fetch only while the headers that are known
 * before are equal. A shared fetch carries the address and the id of the first who asked.
 */
import { createHmac, createSecretKey } from "node:crypto";
import { clientAddress } from "./addresses.mjs";

const PURPOSE = "requests of the router";

/** @param {(purpose: string) => Buffer} deriveKey */
export function useSigning(deriveKey) {
  // As bytes it would be made a key for each request, which takes four times as long as the signature.
  const key = createSecretKey(deriveKey(PURPOSE));
  return {
    onFetch({ url, context, options, setOptions }) {
      const headers = { ...options.headers };
      const time = String(Math.floor(Date.now() / 1000));
      const address = context?.request ? clientAddress(context.request) : "";
      const signed = [time, new URL(url).pathname, headers.authorization ?? "", address, headers["x-request-id"] ?? "", ""];
      headers["x-petplus-time"] = time;
      headers["x-petplus-address"] = address;
      headers["x-petplus-signature"] = createHmac("sha256", key)
        .update(Buffer.from(signed.join("\n"), "latin1"))
        .update(options.body ?? "")
        .digest("hex");
      setOptions({ ...options, headers });
    },
  };
}
