/**
 * Notes whether this browser has a session, which pages cannot read off its HttpOnly cookie. Without the mark, a page
 * of a visitor asks for no token. The mark itself opens nothing, so it may be in localStorage. Apps without cookies
 * keep the refresh token as their mark.
 */
export interface SessionMark {
  isSet(): boolean;
  /** Called with each new refresh token; null where a cookie holds it. */
  set(refreshToken: string | null): void;
  clear(): void;
  /** The refresh token to send; null where a cookie holds it. */
  refreshToken(): string | null;
}

const NAME = "petplus-has-session";

/** The mark that all tabs share. */
export const storedMark: SessionMark = {
  isSet: () => localStorage.getItem(NAME) !== null,
  set: () => localStorage.setItem(NAME, "1"),
  clear: () => localStorage.removeItem(NAME),
  refreshToken: () => null,
};

/** A mark of one page alone. */
export function heldMark(isSet = false): SessionMark {
  let held = isSet;
  return {
    isSet: () => held,
    set: () => {
      held = true;
    },
    clear: () => {
      held = false;
    },
    refreshToken: () => null,
  };
}
