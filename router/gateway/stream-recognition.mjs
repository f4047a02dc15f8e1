/**
 * Recognises requests for streams before they are parsed: by the word `subscription`, or by the id of a trusted document
 * that has it. Another request with that word waits in the queue of streams, too, and gains nothing by it.
 */
import { readManifest } from "./trusted-documents.mjs";

const WORD = "subscription";

/**
 * @param {string} operationsPath of the manifest of trusted documents
 * @returns {(sent?: string | Buffer) => boolean} of a body, a document or an id of one
 */
export function createStreamRecognition(operationsPath) {
  const words = [WORD];
  for (const [id, text] of readManifest(operationsPath)) if (text.includes(WORD)) words.push(id);
  return (sent = "") => words.some((word) => sent.includes(word));
}
