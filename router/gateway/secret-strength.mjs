/** Secrets that anybody can know or guess. `shared/core/secret_strength.py` judges the same for the subgraphs. */

export const DEVELOPMENT_SECRET = "development-only-secret-key-never-use-it-in-production";
const MIN_DIFFERENT_CHARACTERS = 8;
const MAX_NEIGHBOURS = 2 / 3;

function plainForm(secret) {
  return secret.normalize("NFKC").toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
}

/** Whether the published secret is in a secret, in whatever case and with whatever signs in and around it. */
export function isPublished(secret) {
  return plainForm(secret).includes(plainForm(DEVELOPMENT_SECRET));
}

function isRepetition(text) {
  for (let part = 1; part <= text.length / 2; part += 1) {
    if (text.slice(part) === text.slice(0, -part)) return true;
  }
  return false;
}

/** Whether a secret is a repetition, a sequence, or made of few different characters. */
export function isGuessable(secret) {
  const text = secret.replace(/\s/g, "");
  const neighbours = [...text.slice(1)].filter((_, at) => Math.abs(text.charCodeAt(at + 1) - text.charCodeAt(at)) <= 1);
  const isSequence = neighbours.length > (text.length - 1) * MAX_NEIGHBOURS;
  return isSequence || isRepetition(text) || new Set(text).size < MIN_DIFFERENT_CHARACTERS;
}
