/**
 * The viewer's session in one browser or app. The access token is in memory; the refresh token is in an HttpOnly cookie,
 * which no script sees, or where an app has no cookies, in the store of its mark. One tab at a time refreshes, under a
 * lock, and tells the others by a channel.
 */
import type {
  SessionConfirmMutation,
  SessionLogInMutation,
  SessionPartsFragment,
  SessionPasskeyLogInMutation,
  SessionPasskeyProofMutation,
  SessionPasskeyProofStartMutation,
  SessionReauthenticateMutation,
  SessionTotpConfirmMutation,
  SessionTotpRemoveMutation,
} from "./gql";
import {
  SessionConfirmDocument,
  SessionCurrentDocument,
  SessionEndDocument,
  SessionLogInDocument,
  SessionPasskeyLogInDocument,
  SessionPasskeyProofDocument,
  SessionPasskeyProofStartDocument,
  SessionPasskeyStartDocument,
  SessionReauthenticateDocument,
  SessionRefreshDocument,
  SessionTotpConfirmDocument,
  SessionTotpRemoveDocument,
  SessionViewerDocument,
} from "./gql";
import { askForPasskey } from "./passkeys";
import type { SessionMark } from "./session-mark";
import type { Send } from "./wire";

export interface Viewer {
  id: string;
  name: string;
  email: string;
  /** What the session may do beside what everybody may, such as `orders:read`. */
  scopes: readonly string[];
  /** Whether the account's role needs a second factor before it has any scope. */
  needsSecondFactor: boolean;
}

export type SessionState =
  | { status: "starting"; viewer: null }
  | { status: "signedOut"; viewer: null }
  | { status: "signedIn"; viewer: Viewer };

interface Access {
  token: string;
  expiresAt: number;
}

type Message = { kind: "renewed"; access: Access; viewer: Viewer } | { kind: "ended" };

export interface Channel {
  post(message: Message): void;
  onMessage(listen: (message: Message) => void): void;
}

/** What became of a proof by a passkey, which may be refused before the browser is asked for one. */
type PasskeyProof =
  | SessionPasskeyProofMutation["passkeyReauthenticate"]
  | Exclude<SessionPasskeyProofStartMutation["passkeyReauthenticationStart"], { options: string }>;

/** What a session needs of the browser; tests give their own. */
export interface Surroundings {
  send: Send;
  mark: SessionMark;
  channel: Channel;
  /** Runs work while no other tab does. */
  exclusively<T>(work: () => Promise<T>): Promise<T>;
  now(): number;
}

const STARTING: SessionState = { status: "starting", viewer: null };
const SIGNED_OUT: SessionState = { status: "signedOut", viewer: null };
/** How long before its end an access token is replaced. */
const MARGIN_MS = 30_000;
const MOST_SESSIONS = 100;

function isTokens<T extends { __typename: string }>(answer: T): answer is T & SessionPartsFragment {
  return "accessToken" in answer;
}

export class Session {
  #state: SessionState = STARTING;
  #access: Access | null = null;
  #renewal: Promise<void> | null = null;
  readonly #listeners = new Set<() => void>();
  readonly #around: Surroundings;

  constructor(around: Surroundings) {
    this.#around = around;
    around.channel.onMessage((message) => {
      if (message.kind === "ended") this.#forget();
      else this.#adopt(message.access, message.viewer);
    });
  }

  get state(): SessionState {
    return this.#state;
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** The access token for the next request; null for an anonymous viewer. Throws TypeError where nobody answers. */
  async token(): Promise<string | null> {
    if (!this.hasFreshToken && this.#state.status !== "signedOut") await this.renew();
    return this.#access?.token ?? null;
  }

  get hasFreshToken(): boolean {
    return this.#access !== null && this.#access.expiresAt - MARGIN_MS > this.#around.now();
  }

  /** The token in memory, whatever its age. */
  get heldToken(): string | null {
    return this.#access?.token ?? null;
  }

  /** Exchanges the refresh token. Several calls at once are one. */
  renew(): Promise<void> {
    this.#renewal ??= this.#around.exclusively(() => this.#exchange()).finally(() => {
      this.#renewal = null;
    });
    return this.#renewal;
  }

  /** Drops a token that was refused, so that the next request renews. */
  refuse(token: string | null): void {
    if (this.#access?.token === token) this.#access = null;
  }

  async logIn(email: string, password: string, device: string): Promise<SessionLogInMutation["sessionCreate"]> {
    const { sessionCreate } = await this.#around.send(SessionLogInDocument, { input: { email, password, device } });
    await this.#takeIfTokens(sessionCreate);
    return sessionCreate;
  }

  async confirm(challenge: string, code: string): Promise<SessionConfirmMutation["sessionConfirm"]> {
    const { sessionConfirm } = await this.#around.send(SessionConfirmDocument, { input: { challenge, code } });
    await this.#takeIfTokens(sessionConfirm);
    return sessionConfirm;
  }

  /** Proves once more that the viewer is present, by password or by code. */
  async reauthenticate(proof: {
    password?: string;
    code?: string;
  }): Promise<SessionReauthenticateMutation["sessionReauthenticate"]> {
    const given = { input: proof };
    const answer = await this.#around.send(SessionReauthenticateDocument, given, await this.token());
    await this.#takeIfTokens(answer.sessionReauthenticate);
    return answer.sessionReauthenticate;
  }

  /** Logs in by a passkey; null if the viewer declines. */
  async logInByPasskey(device: string): Promise<SessionPasskeyLogInMutation["passkeyLogin"] | null> {
    const { passkeyLoginStart } = await this.#around.send(SessionPasskeyStartDocument, {});
    if (!("options" in passkeyLoginStart)) return passkeyLoginStart;
    const response = await askForPasskey(passkeyLoginStart.options);
    if (response === null) return null;
    const { passkeyLogin } = await this.#around.send(SessionPasskeyLogInDocument, { input: { response, device } });
    await this.#takeIfTokens(passkeyLogin);
    return passkeyLogin;
  }

  /** Proves once more that the viewer is present, by a passkey; null if the viewer declines. */
  async reauthenticateByPasskey(): Promise<PasskeyProof | null> {
    const token = await this.token();
    const { passkeyReauthenticationStart: started } = await this.#around.send(SessionPasskeyProofStartDocument, {}, token);
    if (!("options" in started)) return started;
    const response = await askForPasskey(started.options);
    if (response === null) return null;
    const answer = await this.#around.send(SessionPasskeyProofDocument, { input: { response } }, await this.token());
    await this.#takeIfTokens(answer.passkeyReauthenticate);
    return answer.passkeyReauthenticate;
  }

  /** Finishes adding an app that shows codes. The session counts as one with two factors from then on. */
  async confirmSecondFactor(code: string): Promise<SessionTotpConfirmMutation["totpConfirm"]> {
    const { totpConfirm } = await this.#around.send(SessionTotpConfirmDocument, { input: { code } }, await this.token());
    await this.#takeIfTokens(totpConfirm);
    return totpConfirm;
  }

  async removeSecondFactor(code: string): Promise<SessionTotpRemoveMutation["totpRemove"]> {
    const { totpRemove } = await this.#around.send(SessionTotpRemoveDocument, { input: { code } }, await this.token());
    await this.#takeIfTokens(totpRemove);
    return totpRemove;
  }

  /** Forgets the session of an account that was deleted, in all tabs. */
  leave(): void {
    this.#end();
  }

  /** Ends the session, in all tabs. It ends here even if nobody answers. */
  async logOut(): Promise<void> {
    try {
      const token = await this.token();
      const { me } = await this.#around.send(SessionCurrentDocument, { page: MOST_SESSIONS }, token);
      const current = me?.sessions?.nodes.find((each) => each.current);
      if (current) await this.#around.send(SessionEndDocument, { input: { sessionId: current.id } }, token);
    } finally {
      this.#end();
    }
  }

  /** Forgets a session that ended elsewhere, such as by a change of the password. */
  #end(): void {
    this.#around.mark.clear();
    this.#around.channel.post({ kind: "ended" });
    this.#forget();
  }

  async #exchange(): Promise<void> {
    // Another tab may have done it while this one waited.
    if (this.hasFreshToken) return;
    if (!this.#around.mark.isSet()) return this.#forget();
    const { sessionRefresh } = await this.#around.send(SessionRefreshDocument, { input: this.#credential() });
    if (isTokens(sessionRefresh)) await this.#take(sessionRefresh);
    else this.#end();
  }

  #credential(): { refreshToken?: string } {
    const refreshToken = this.#around.mark.refreshToken();
    return refreshToken === null ? {} : { refreshToken };
  }

  async #takeIfTokens(answer: { __typename: string } & object): Promise<void> {
    if (isTokens(answer)) await this.#around.exclusively(() => this.#take(answer));
  }

  async #take(tokens: SessionPartsFragment): Promise<void> {
    const access = { token: tokens.accessToken, expiresAt: this.#around.now() + tokens.expiresIn * 1_000 };
    this.#around.mark.set(tokens.refreshToken);
    const viewer = await this.#ask(access.token, tokens.secondFactorRequired);
    this.#adopt(access, viewer);
    this.#around.channel.post({ kind: "renewed", access, viewer });
  }

  /** Who the viewer is. The answers with tokens do not say what they may do, because nobody had asked with them. */
  async #ask(token: string, needsSecondFactor: boolean): Promise<Viewer> {
    const { me } = await this.#around.send(SessionViewerDocument, {}, token);
    if (me === null) throw new Error("A session has a viewer.");
    return { id: me.id, name: me.name ?? "", email: me.email ?? "", scopes: me.scopes ?? [], needsSecondFactor };
  }

  #adopt(access: Access, viewer: Viewer): void {
    this.#access = access;
    // The same object as long as nothing changed: what is shown is not drawn anew at each refresh.
    if (JSON.stringify(viewer) !== JSON.stringify(this.#state.viewer)) this.#show({ status: "signedIn", viewer });
  }

  #forget(): void {
    this.#access = null;
    if (this.#state !== SIGNED_OUT) this.#show(SIGNED_OUT);
  }

  #show(state: SessionState): void {
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}
