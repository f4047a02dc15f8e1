/**
 * The operations of one WebSocket. A client chooses the ids of its operations and may use one again at once after its
 * `complete`, while the library knows an operation by its id alone. So the library gets an id that is used once, and
 * what an operation sends after its end is dropped instead of reaching its successor.
 */
import { GraphQLError } from "graphql";
import sharedLimits from "../../shared/limits.json" with { type: "json" };
import { parseJson } from "./exact-numbers.mjs";

/** The beginning of each message of the library that belongs to an operation. */
const OPERATION_MESSAGE = /^\{"id":"(?<id>\d+)","type":"(?<type>\w+)"/;
const LAST_MESSAGES = ["complete", "error"];
/** What a message may hold that starts no operation: a token and a few headers. */
export const MAX_SHORT_MESSAGE_BYTES = sharedLimits.webSocket.initBytes;
/** An id is kept as long as its operation runs. */
const MAX_ID_CHARACTERS = 256;

function parseMessage(text) {
  try {
    return { message: parseJson(text) };
  } catch (error) {
    if (error instanceof GraphQLError) return { message: JSON.parse(text), refusal: error };
    return { message: undefined }; // the library closes the socket
  }
}

/** A client that starts an operation under the id of another that runs. */
export class OperationExists extends Error {}

/** A message, or the id in it, that is larger than any that is meant well. */
export class MessageTooLarge extends Error {}

/** The members of a request that are read: all others would be kept as long as its operation runs. */
function requestMembers(payload) {
  if (typeof payload !== "object" || payload === null) return payload; // the library closes the socket
  const { query, operationName, variables, extensions, documentId } = payload;
  return { query, operationName, variables, extensions, documentId };
}

export class SocketOperations {
  #byId = new Map();
  #byClientId = new Map();
  #count = 0;

  /** How many operations run. */
  get size() {
    return this.#byId.size;
  }

  /**
   * Finds a running operation.
   *
   * @param {string} id by which the library knows it
   * @returns {{signal: AbortSignal, refusal?: GraphQLError}} aborted when it ends early; why it must not run
   */
  get(id) {
    const { controller, refusal } = this.#byId.get(id);
    return { signal: controller.signal, refusal };
  }

  /**
   * Translates a message of the client.
   *
   * @param {string} text
   * @returns {string | undefined} the message for the library; undefined for one that has no effect. Throws
   *   OperationExists and MessageTooLarge.
   */
  receive(text) {
    const { message, refusal } = parseMessage(text);
    if (message?.type !== "subscribe" && text.length > MAX_SHORT_MESSAGE_BYTES) {
      throw new MessageTooLarge(`A message that starts no operation must have at most ${MAX_SHORT_MESSAGE_BYTES} characters`);
    }
    if (typeof message?.id !== "string" || message.id === "") return text;
    if (message.id.length > MAX_ID_CHARACTERS) {
      throw new MessageTooLarge(`An id must have at most ${MAX_ID_CHARACTERS} characters`);
    }
    if (message.type === "subscribe") return this.#start(message, refusal);
    if (message.type !== "complete") return text;
    const operation = this.#byClientId.get(message.id);
    if (operation === undefined) return undefined;
    this.#end(operation);
    operation.controller.abort();
    return JSON.stringify({ ...message, id: operation.id });
  }

  /**
   * Translates a message for the client.
   *
   * @param {string} text
   * @returns {string | undefined} undefined when its operation has ended
   */
  send(text) {
    const found = OPERATION_MESSAGE.exec(text);
    if (found === null) return text;
    const operation = this.#byId.get(found.groups.id);
    if (operation === undefined) return undefined;
    if (LAST_MESSAGES.includes(found.groups.type)) this.#end(operation);
    return `{"id":${JSON.stringify(operation.clientId)},"type":"${found.groups.type}"${text.slice(found[0].length)}`;
  }

  /** Cancels all, when the socket has closed. */
  abort() {
    for (const { controller } of this.#byId.values()) controller.abort();
  }

  #start(message, refusal) {
    if (this.#byClientId.has(message.id)) throw new OperationExists(`Subscriber for ${message.id} already exists`);
    this.#count += 1;
    const id = String(this.#count);
    const operation = { id, clientId: message.id, refusal, controller: new AbortController() };
    this.#byId.set(id, operation);
    this.#byClientId.set(message.id, operation);
    return JSON.stringify({ id, type: message.type, payload: requestMembers(message.payload) });
  }

  #end({ id, clientId }) {
    this.#byId.delete(id);
    this.#byClientId.delete(clientId);
  }
}
