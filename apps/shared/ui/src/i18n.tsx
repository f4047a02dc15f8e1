/** Texts in the reader's language: a flat catalogue of messages for each language, typed by the English one. */
import { createFormats, type Formats } from "@petplus/client";
import { createContext, useContext, useMemo, type ReactNode } from "react";

/** A text with `{name}` for what is put in; where it counts something, one for each plural of the language. */
export type Message = string | ({ other: string } & Partial<Record<Intl.LDMLPluralRule, string>>);
export type Messages = Readonly<Record<string, Message>>;
export type Values = Readonly<Record<string, string | number>>;
export type Translate<Key extends string> = (key: Key, values?: Values) => string;

/** What the components of this package say. Each catalogue has these keys beside its own. */
export const UI_MESSAGES = {
  "ui.close": "Close",
  "ui.cancel": "Cancel",
  "ui.retry": "Try again",
  "ui.loading": "Loading",
  "ui.working": "Working",
  "ui.connecting": "Reconnecting. Changes appear as soon as the connection is back.",
  "ui.offline": "You are offline. What you see may be old.",
  "ui.trouble.offline": "The shop does not answer. Check your connection, then try again.",
  "ui.trouble.denied": "You may not see this. Log in with another account.",
  "ui.trouble.missing": "This does not exist, or is not for you to see.",
  "ui.trouble.limited": "That was a lot at once. Wait a moment, then try again.",
  "ui.trouble.failed": "Something went wrong on our side. Try again.",
  "logIn.title": "Log in",
  "logIn.email": "E-mail address",
  "logIn.password": "Password",
  "logIn.submit": "Log in",
  "logIn.wrong": "The e-mail address or the password is wrong.",
  "logIn.codeTitle": "Second step",
  "logIn.code": "Code",
  "logIn.codeHint": "Six digits from your app, or a recovery code.",
  "logIn.wrongCode": "This code is wrong or was used.",
  "logIn.passkey": "Log in with a passkey",
  "logIn.passkeyFailed": "No passkey was used. Try again, or use your password.",
  "proof.title": "Is it still you?",
  "proof.lead": "Prove it once more before this is done.",
  "proof.password": "Your password",
  "proof.code": "Or a code, if you have a second factor",
  "proof.passkey": "Use a passkey",
  "proof.submit": "Continue",
  "theme.label": "Appearance",
  "theme.system": "Automatic",
  "theme.light": "Light",
  "theme.dark": "Dark",
  "invalid.REQUIRED": "This is required.",
  "invalid.TOO_SHORT": "This is too short.",
  "invalid.TOO_LONG": "This is too long.",
  "invalid.INVALID_EMAIL": "Send a valid e-mail address.",
  "invalid.WEAK_PASSWORD": "This password is easy to guess.",
} as const satisfies Messages;
export type UiKey = keyof typeof UI_MESSAGES;

interface I18n {
  locale: string;
  t: Translate<string>;
  formats: Formats;
}

/** Makes the function that finds a text and puts values in. `count` decides on the plural. */
export function createTranslate(messages: Messages, locale: string): Translate<string> {
  const plurals = new Intl.PluralRules(locale);
  const number = new Intl.NumberFormat(locale);
  return (key, values = {}) => {
    const message = messages[key];
    if (message === undefined) return key;
    const text = typeof message === "string" ? message : (message[plurals.select(Number(values["count"]))] ?? message.other);
    return text.replace(/\{(\w+)\}/g, (_, name: string) => {
      const value = values[name] ?? "";
      return typeof value === "number" ? number.format(value) : value;
    });
  };
}

function i18nOf(messages: Messages, locale: string): I18n {
  return { locale, t: createTranslate(messages, locale), formats: createFormats(locale) };
}

const I18nContext = createContext<I18n>(i18nOf(UI_MESSAGES, "en"));

export function I18nProvider({ locale, messages, children }: { locale: string; messages: Messages; children: ReactNode }) {
  const value = useMemo(() => i18nOf(messages, locale), [messages, locale]);
  return <I18nContext value={value}>{children}</I18nContext>;
}

/** The texts and formats of the reader's language. An app names the keys of its own catalogue. */
export function useI18n<Key extends string = UiKey>(): Omit<I18n, "t"> & { t: Translate<Key> } {
  return useContext(I18nContext);
}
