/**
 * Streams of results over HTTP, with signs of life while nothing happens: server-sent events in the distinct
 * connections mode of GraphQL over SSE (https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md), and Apollo's
 * multipart protocol for subscriptions
 * (https://www.apollographql.com/docs/graphos/routing/operations/subscriptions/multipart-protocol).
 */
import { EVENT_STREAM_TYPE, MULTIPART_TYPE } from "./negotiation.mjs";
import { formatErrors, formatResult, isRequestError } from "./results.mjs";

const COMMENT = ":\n\n";
const PART = "\r\ncontent-type: application/json\r\n\r\n";
const BOUNDARY = "\r\n--graphql";

/** Where a result without data, the stream has failed: the protocol has these errors outside of the payload. */
function multipartMessage(result) {
  if (isRequestError(result)) return { payload: null, errors: formatErrors(result.errors) };
  return { payload: formatResult(result) };
}

/** The first sign of life makes clients see the headers at once. */
const FORMATS = {
  [EVENT_STREAM_TYPE]: {
    contentType: EVENT_STREAM_TYPE,
    intervalMs: 12_000,
    start: COMMENT,
    signOfLife: COMMENT,
    next: (result) => `event: next\ndata: ${JSON.stringify(formatResult(result))}\n\n`,
    end: "event: complete\ndata:\n\n",
  },
  [MULTIPART_TYPE]: {
    contentType: 'multipart/mixed;boundary="graphql";subscriptionSpec=1.0',
    intervalMs: 5_000,
    start: `${BOUNDARY}${PART}{}${BOUNDARY}`,
    signOfLife: `${PART}{}${BOUNDARY}`,
    next: (result) => `${PART}${JSON.stringify(multipartMessage(result))}${BOUNDARY}`,
    end: "--\r\n",
  },
};

async function* only(result) {
  yield result;
}

/**
 * Makes the response of a stream.
 *
 * @param {object} result an async iterable of results, or one result
 * @param {string} type the media type
 * @param {object} fetchAPI
 * @param {{status: number, headers: Record<string, string>}} init
 */
export function streamResponse(result, type, fetchAPI, { status, headers }) {
  const { contentType, intervalMs, start, signOfLife, next, end } = FORMATS[type];
  const results = Symbol.asyncIterator in result ? result[Symbol.asyncIterator]() : only(result);
  const encoder = new TextEncoder();
  let timer;
  const body = new fetchAPI.ReadableStream({
    start(controller) {
      controller.enqueue(encoder.encode(start));
      timer = setInterval(() => {
        // What a slow client has not read yet is a sign of life as well.
        if (controller.desiredSize > 0) controller.enqueue(encoder.encode(signOfLife));
      }, intervalMs);
    },
    async pull(controller) {
      try {
        const { done, value } = await results.next();
        if (!done) {
          controller.enqueue(encoder.encode(next(value)));
          return;
        }
        clearInterval(timer);
        controller.enqueue(encoder.encode(end));
        controller.close();
      } catch (error) {
        clearInterval(timer);
        controller.error(error);
      }
    },
    async cancel() {
      clearInterval(timer);
      await results.return?.();
    },
  });
  return new fetchAPI.Response(body, {
    status,
    headers: { "content-type": contentType, "x-accel-buffering": "no", ...headers },
  });
}
