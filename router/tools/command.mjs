/** How the tools end: a mistake of whoever called them is one sentence, and anything else a stack. */
import { ConfigurationError } from "../gateway/subgraphs.mjs";

/** Runs a tool's `main`, which may be asynchronous; the exit status is 1 when it throws. */
export async function runCommand(main) {
  try {
    await main();
  } catch (error) {
    process.stderr.write(`${error instanceof ConfigurationError ? error.message : error.stack}\n`);
    process.exitCode = 1;
  }
}
