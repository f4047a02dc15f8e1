/**
 * The router's certificate, by which subgraphs know it where PETPLUS_TLS_DIRECTORY is set (`shared/http/mutual_tls.py`).
 * It is read again once its files have changed.
 */
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";

const CHECK_INTERVAL_MS = 60_000;
const FILES = { ca: "ca.crt", cert: "tls.crt", key: "tls.key" };

/**
 * Makes the function that returns what a request over TLS needs.
 *
 * @param {string} directory that holds `router/`
 * @returns {() => {ca: Buffer, cert: Buffer, key: Buffer}} throws where a file cannot be read
 */
export function createCertificateReader(directory) {
  const files = Object.entries(FILES).map(([option, name]) => [option, join(directory, "router", name)]);
  let checkedAt = -Infinity;
  let version;
  let certificate;
  return function read() {
    if (performance.now() - checkedAt < CHECK_INTERVAL_MS) return certificate;
    const found = files.map(([, file]) => statSync(file).mtimeMs).join();
    if (found !== version) {
      certificate = Object.fromEntries(files.map(([option, file]) => [option, readFileSync(file)]));
    }
    version = found;
    checkedAt = performance.now();
    return certificate;
  };
}
