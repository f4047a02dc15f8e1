/**
 * Keeps parsed documents and what validation found, within a number of bytes. The gateway's own cache counts documents,
 * of which the largest take almost a mebibyte each, and anybody may send new ones.
 */
import sharedLimits from "../../shared/limits.json" with { type: "json" };
import { BoundedCache, nodesOf } from "./bounded-cache.mjs";

const MAX_BYTES = sharedLimits.keptDocuments.bytes;
/** Measured, and rounded up: a character, a node of a document, an error with its stack. */
const CHARACTER_BYTES = 2;
const NODE_BYTES = 200;
const ERROR_BYTES = 5_500;

/** The texts that were parsed, with their documents or errors. */
class KeptDocuments {
  #entries;
  #texts = new WeakMap();

  constructor(maximum) {
    this.#entries = new BoundedCache(maximum);
  }

  get(text) {
    return this.#entries.get(text)?.result;
  }

  /** Keeps what parsing a text has given. */
  add(text, result) {
    const isError = result instanceof Error;
    const bytes = text.length * CHARACTER_BYTES + (isError ? ERROR_BYTES : nodesOf(result) * NODE_BYTES);
    if (!isError) this.#texts.set(result, text);
    this.#entries.set(text, { result, validated: undefined }, bytes);
  }

  #entryOf(document) {
    const entry = this.#entries.peek(this.#texts.get(document));
    return entry?.result === document ? entry : undefined;
  }

  /** The errors of a document in a schema; undefined when it was not validated. */
  errorsOf(document, schema) {
    const validated = this.#entryOf(document)?.validated;
    return validated?.schema === schema ? validated.errors : undefined;
  }

  /** Keeps the errors of a document. */
  setErrors(document, schema, errors) {
    const entry = this.#entryOf(document);
    if (entry === undefined) return;
    const bytes = (errors.length - (entry.validated?.errors.length ?? 0)) * ERROR_BYTES;
    entry.validated = { schema, errors };
    this.#entries.grow(this.#texts.get(document), bytes);
  }
}

/** Makes the plugin that takes the place of the gateway's cache. */
export function createDocumentCache(maximum = MAX_BYTES) {
  const kept = new KeptDocuments(maximum);
  return {
    onParse({ params, setParsedDocument }) {
      const text = String(params.source);
      const found = kept.get(text);
      if (found instanceof Error) throw found;
      if (found !== undefined) return setParsedDocument(found);
      return ({ result }) => {
        if (result != null) kept.add(text, result);
      };
    },
    onValidate({ params: { schema, documentAST }, setResult }) {
      const found = kept.errorsOf(documentAST, schema);
      if (found !== undefined) return setResult(found);
      return ({ result }) => kept.setErrors(documentAST, schema, result ?? []);
    },
  };
}

/** Replaces the gateway's cache, which has no option that bounds it: the only plugin of these two hooks. */
export function useDocumentCache() {
  return {
    onPluginInit({ plugins }) {
      const isCache = (plugin) => Object.keys(plugin ?? {}).sort().join() === "onParse,onValidate";
      if (plugins.filter(isCache).length !== 1) throw new Error("The gateway's cache of documents was not found.");
      plugins[plugins.findIndex(isCache)] = createDocumentCache();
    },
  };
}
