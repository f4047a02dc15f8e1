/**
 * Checks the router's settings without starting it: `node tools/settings.mjs`. The first wrong one is a sentence on
 * standard output that names the variable; the exit status is then 1.
 */
import { SettingsError, checkedSettings } from "../gateway/settings-check.mjs";

try {
  await checkedSettings(process.env);
} catch (error) {
  if (!(error instanceof SettingsError)) throw error;
  process.stdout.write(`${error.message}\n`);
  process.exitCode = 1;
}
