/** Entity tags (RFC 9110, section 8.8.3), by which a client does not receive again what it holds. */
import { createHash } from "node:crypto";

/** A weak tag of some texts or bytes: the same answer has several encodings. */
export function entityTag(...parts) {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return `W/"${hash.digest("base64url")}"`;
}

function opaque(tag) {
  return tag.replace(/^W\//, "");
}

/** Whether a client holds what has the tag. */
export function isHeld(request, tag) {
  const held = (request.headers.get("if-none-match") ?? "").split(",").map((each) => each.trim());
  return held.includes("*") || held.some((each) => opaque(each) === opaque(tag));
}

/** The response that stands for one whose content the client holds. */
export function notModified(response, fetchAPI) {
  const headers = new fetchAPI.Headers(response.headers);
  headers.delete("content-type");
  headers.delete("content-length");
  return new fetchAPI.Response(null, { status: 304, headers });
}
