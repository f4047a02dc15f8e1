/** Files that are generated from others: written, or with --check only compared. */
import { writeFileSync } from "node:fs";
import { ConfigurationError, readText } from "../gateway/subgraphs.mjs";

/** Writes a file, or throws a ConfigurationError that names `command` where it is to be checked and differs. */
export function writeOrCheck(path, text, { check, command }) {
  if (!check) {
    writeFileSync(path, text);
  } else if (readText(path) !== text) {
    throw new ConfigurationError(`${path} is not up to date: run \`${command}\` to refresh it`);
  }
}
