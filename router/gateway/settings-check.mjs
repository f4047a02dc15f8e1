/** Reads the settings together with the files that they name, so that a wrong one is known before anything starts. */
import { readdirSync } from "node:fs";
import { readSettings } from "./settings.mjs";
import { supergraphReader } from "./supergraph.mjs";
import { readManifest } from "./trusted-documents.mjs";

/** A setting is wrong. The message is one sentence that names the variable. */
export class SettingsError extends Error {}

async function check(variable, read) {
  try {
    return await read();
  } catch (error) {
    const reason = error.message.replace(/\s+/g, " "); // it may quote a file
    throw new SettingsError(variable ? `${variable} is wrong: ${reason}.` : reason);
  }
}

/**
 * Reads and checks the settings.
 *
 * @param {Record<string, string | undefined>} env
 * @throws {SettingsError} for the first wrong one
 */
export async function checkedSettings(env) {
  const settings = await check(undefined, () => readSettings(env));
  await check("PETPLUS_SUPERGRAPH", supergraphReader(settings.supergraphPath));
  await check("PETPLUS_OPERATIONS", () => readManifest(settings.operationsPath));
  if (settings.readCertificate) await check("PETPLUS_TLS_DIRECTORY", settings.readCertificate);
  // Without apps, the router says so where they would be; a folder that somebody named must be there.
  if (env.PETPLUS_APPS) await check("PETPLUS_APPS", () => readdirSync(settings.appsPath));
  return settings;
}
