/**
 * Starts the router: `node server.mjs`, configured by PETPLUS_* environment variables. The process exits with status 1
 * after an unexpected error, so that the supervisor restarts it, and with status 0 after SIGTERM or SIGINT
 * (`gateway/draining.mjs`).
 */
import { captureConsole, logEvent } from "./gateway/log.mjs";
import { SettingsError, checkedSettings } from "./gateway/settings-check.mjs";

let isServing = false;

function fail(message, error) {
  if (error instanceof SettingsError) {
    logEvent("fatal", "invalid setting", { reason: error.message });
    process.exit(1);
  }
  // Before a request has come, the message cannot quote one.
  logEvent("fatal", message, { reason: isServing ? undefined : error?.message, error });
  process.exit(1);
}

async function main() {
  captureConsole();
  const settings = await checkedSettings(process.env);
  // Loading the gateway takes most of a start: a wrong setting is told before.
  const { listen } = await import("./gateway/listener.mjs");
  await listen(settings);
  isServing = true;
}

process.on("unhandledRejection", (error) => fail("unhandled rejection", error));
process.on("uncaughtException", (error) => fail("uncaught exception", error));
main().catch((error) => fail("router start failed", error));
