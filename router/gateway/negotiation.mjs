/**
 * Chooses the format of a response by the request's `Accept` header (RFC 9110, section 12.5.1): the one of the highest
 * quality that the client accepts. A result that is no stream is JSON unless the client prefers a stream to it.
 */
export const JSON_TYPE = "application/json";
export const GRAPHQL_TYPE = "application/graphql-response+json";
export const EVENT_STREAM_TYPE = "text/event-stream";
export const MULTIPART_TYPE = "multipart/mixed";

/** In the order of the server's preference. */
const SINGLE_TYPES = [JSON_TYPE, GRAPHQL_TYPE];
export const STREAM_TYPES = [EVENT_STREAM_TYPE, MULTIPART_TYPE];
const SUBSCRIPTION_SPEC = "1.0";
const MAX_REMEMBERED = 100;

function parseRange(text) {
  const [type, ...rest] = text.split(";").map((part) => part.trim());
  const parameters = rest.map((part) => part.split("=", 2)).map(([name, value = ""]) => {
    return [name.trim().toLowerCase(), value.trim().replace(/^"(.*)"$/, "$1")];
  });
  return { type: type.toLowerCase(), parameters: Object.fromEntries(parameters) };
}

/** The quality of a range; 0 means that it is not acceptable. */
function qualityOf({ q = "1" }) {
  const quality = Number(q);
  return quality >= 0 && quality <= 1 ? quality : 0;
}

/** How exactly a range names a type; 0 when it does not. Multipart has a form of its own for subscriptions. */
function precision({ type, parameters }, candidate) {
  if ((parameters.charset ?? "utf-8").toLowerCase() !== "utf-8") return 0;
  if (candidate === MULTIPART_TYPE) {
    return type === MULTIPART_TYPE && parameters.subscriptionspec === SUBSCRIPTION_SPEC ? 3 : 0;
  }
  if (type === candidate) return 3;
  if (type === `${candidate.split("/", 1)[0]}/*`) return 2;
  return type === "*/*" ? 1 : 0;
}

/** The quality of a type, by the range that names it most exactly, and the place of that range. */
function preferenceFor(candidate, ranges) {
  let best = { quality: 0, place: 0, precision: 0 };
  ranges.forEach((range, place) => {
    const exactness = precision(range, candidate);
    if (exactness > best.precision) best = { quality: qualityOf(range.parameters), place, precision: exactness };
  });
  return { type: candidate, ...best };
}

function mostPreferred(candidates, ranges) {
  return candidates
    .map((candidate) => preferenceFor(candidate, ranges))
    .filter(({ quality }) => quality > 0)
    .sort((one, other) => other.quality - one.quality || one.place - other.place)[0];
}

function negotiate(accept) {
  const ranges = accept.split(",").map(parseRange);
  const single = mostPreferred(SINGLE_TYPES, ranges);
  const stream = mostPreferred(STREAM_TYPES, ranges);
  const prefersStream = stream && stream.quality > (single?.quality ?? 0);
  return { single: prefersStream ? stream.type : single?.type, stream: stream?.type };
}

/** Whether a client accepts a coding of content, such as `br`. Without the header it accepts none. */
export function acceptsCoding(request, coding) {
  const ranges = (request.headers.get("accept-encoding") ?? "").split(",").map(parseRange);
  const range = ranges.find(({ type }) => type === coding) ?? ranges.find(({ type }) => type === "*");
  return range !== undefined && qualityOf(range.parameters) > 0;
}

/** Whether a client accepts content that is compressed by gzip. */
export function acceptsGzip(request) {
  return acceptsCoding(request, "gzip");
}

const remembered = new Map();

/**
 * Chooses the formats for a client.
 *
 * @param {Request} request
 * @returns {{single?: string, stream?: string}} the media types of a single result and of a stream; undefined where the
 *   client accepts none
 */
export function acceptedTypes(request) {
  const accept = request.headers.get("accept") || "*/*";
  let found = remembered.get(accept);
  if (found === undefined) {
    found = negotiate(accept);
    if (remembered.size < MAX_REMEMBERED) remembered.set(accept, found);
  }
  return found;
}
