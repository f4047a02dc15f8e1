/** Passkeys by the browser: WebAuthn with the graph's options and answers, which are JSON as text. */

const ADDRESS = /^[\d.]+$|^\[/;

/** Whether this browser knows passkeys, and the page may use them: they are made for a domain, and no address is one. */
export function hasPasskeys(): boolean {
  const isKnown = typeof PublicKeyCredential !== "undefined" && "parseRequestOptionsFromJSON" in PublicKeyCredential;
  return isKnown && !ADDRESS.test(location.hostname);
}

function answerOf(credential: Credential | null): string | null {
  return credential === null ? null : JSON.stringify(credential);
}

/** What became of a question to the viewer; null where they declined, or nothing suitable was there. */
async function unlessDeclined(asking: () => Promise<Credential | null>): Promise<string | null> {
  try {
    return answerOf(await asking());
  } catch (error) {
    // The browser tells neither pages which of the two it was.
    if (error instanceof DOMException) return null;
    throw error;
  }
}

/** Asks the viewer to use one of their passkeys. */
export function askForPasskey(options: string): Promise<string | null> {
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(JSON.parse(options));
  return unlessDeclined(() => navigator.credentials.get({ publicKey }));
}

/** Asks the viewer to make a passkey. */
export function createPasskey(options: string): Promise<string | null> {
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(JSON.parse(options));
  return unlessDeclined(() => navigator.credentials.create({ publicKey }));
}
