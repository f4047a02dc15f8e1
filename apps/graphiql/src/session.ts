/**
 * A session of a demo account, whose password is published: development alone has these accounts. It is apart from the
 * session of the storefront, and stays with the tab of the browser.
 */
import { send } from "./graph";
import { Store } from "./store";

export const ACCOUNTS = ["customer", "support", "admin"] as const;
export type Account = (typeof ACCOUNTS)[number];

const PASSWORD = "pets-are-family";
const REMEMBERED = "petplus-graphiql-session";
const MARGIN_MS = 30_000;

const LOG_IN = `mutation GraphiqlLogIn($input: SessionCreateInput!) {
  sessionCreate(input: $input) {
    ... on SessionCreateSuccess { accessToken expiresIn refreshToken }
    ... on Problem { message }
  }
}`;
const REFRESH = `mutation GraphiqlRefresh($input: SessionRefreshInput!) {
  sessionRefresh(input: $input) {
    ... on SessionRefreshSuccess { accessToken expiresIn refreshToken }
    ... on Problem { message }
  }
}`;

interface Tokens {
  accessToken: string;
  expiresIn: number;
  refreshToken: string;
}

interface Held extends Tokens {
  account: Account;
  freshUntil: number;
}

export interface SessionState {
  account: Account | null;
  isBusy: boolean;
  failure: string | null;
}

export class DemoSession {
  readonly store = new Store<SessionState>({ account: null, isBusy: false, failure: null });
  #held: Held | null = null;
  #renewing: Promise<void> | null = null;

  /** Continues the session that the tab had before the page was loaded again. */
  async resume(): Promise<void> {
    const [account, refreshToken] = (sessionStorage.getItem(REMEMBERED) ?? "").split(" ");
    const known = ACCOUNTS.find((each) => each === account);
    if (known === undefined || refreshToken === undefined) return;
    this.#held = { account: known, accessToken: "", expiresIn: 0, refreshToken, freshUntil: 0 };
    await this.#change(() => this.renew(), known);
  }

  /** Logs in as an account. With null the tokens are dropped. */
  async become(account: Account | null): Promise<void> {
    this.#held = null;
    sessionStorage.removeItem(REMEMBERED);
    await this.#change(async () => (account ? this.#logIn(account) : undefined), account);
  }

  async #change(act: () => Promise<void>, account: Account | null): Promise<void> {
    this.store.set({ isBusy: true, failure: null });
    try {
      await act();
      this.store.set({ account, isBusy: false });
    } catch (error) {
      this.#held = null;
      this.store.set({ account: null, isBusy: false, failure: error instanceof Error ? error.message : String(error) });
    }
  }

  /** The access token, renewed shortly before it expires; null while nobody is logged in. */
  async token(): Promise<string | null> {
    if (this.#held && this.#held.freshUntil < Date.now()) await this.renew();
    return this.#held?.accessToken ?? null;
  }

  /** Exchanges the refresh token. Where the session has ended, logs in anew. */
  async renew(): Promise<void> {
    this.#renewing ??= this.#renew().finally(() => (this.#renewing = null));
    await this.#renewing;
  }

  async #renew(): Promise<void> {
    const held = this.#held;
    if (held === null) return;
    try {
      this.#keep(held.account, await tokensOf(REFRESH, { refreshToken: held.refreshToken }));
    } catch {
      await this.#logIn(held.account);
    }
  }

  async #logIn(account: Account): Promise<void> {
    const input = { email: `${account}@allpetplus.example`, password: PASSWORD, device: "GraphiQL" };
    this.#keep(account, await tokensOf(LOG_IN, input));
  }

  #keep(account: Account, tokens: Tokens): void {
    this.#held = { ...tokens, account, freshUntil: Date.now() + tokens.expiresIn * 1_000 - MARGIN_MS };
    sessionStorage.setItem(REMEMBERED, `${account} ${tokens.refreshToken}`);
  }
}

async function tokensOf(query: string, input: object): Promise<Tokens> {
  const { data, errors } = await send({ query, variables: { input } });
  const [result] = Object.values((data ?? {}) as Record<string, Tokens | { message: string }>);
  if (result && "accessToken" in result) return result;
  throw new Error(result?.message ?? errors?.[0]?.message ?? "The shop does not answer.");
}
