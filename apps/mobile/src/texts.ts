/** What the app says, and how it writes money and times. */
import type { Trouble } from "@petplus/client";
import type { MobileMoneyFragment, OrderStatus, ShipmentStatus } from "./gql";

const LANGUAGE = "en-GB";

const TROUBLES: Readonly<Record<Trouble, string>> = {
  offline: "The shop does not answer, and nothing of this is kept here.",
  denied: "You may not see this. Log in with another account.",
  missing: "This does not exist, or is not for you to see.",
  limited: "That was a lot at once. Wait a moment, then try again.",
  failed: "Something went wrong on our side. Try again.",
};

export const texts = {
  shop: "All Pet Plus",
  home: "Home",
  loading: "Loading",
  logIn: "Log in",
  logOut: "Log out",
  logInLead: "Log in to see your designs and orders.",
  email: "E-mail address",
  password: "Password",
  code: "Code from your app, or a recovery code",
  wrongCredentials: "The e-mail address or the password is wrong.",
  wrongCode: "This code is wrong or was used.",
  presets: "Our designs",
  noPresets: "There are none at the moment.",
  designs: "My designs",
  noDesigns: "You have none yet.",
  orders: "My orders",
  noOrders: "You have none yet.",
  price: "What it costs today",
  noPrice: "It cannot be made like this any more.",
  total: "Total",
  lines: "What you ordered",
  parcels: "Parcels",
  noParcels: "None is on its way yet.",
  trackParcel: "Follow the parcel",
  history: "What happened",
  trouble: (kind: Trouble) => TROUBLES[kind],
  order: (number: string) => `Order ${number}`,
  pictureOf: (name: string) => `Picture of ${name}`,
  pieces: (count: number) => (count === 1 ? "1 piece" : `${count} pieces`),
  kept: (at: number) => `The shop does not answer. This is as of ${time(at)}.`,
  notKept: "The shop does not answer.",
  status: (status: OrderStatus | ShipmentStatus) => {
    const words = status.toLowerCase().replaceAll("_", " ");
    return words.charAt(0).toUpperCase() + words.slice(1);
  },
} as const;

function time(at: number): string {
  return new Intl.DateTimeFormat(LANGUAGE, { dateStyle: "medium", timeStyle: "short" }).format(at);
}

/** Hermes, the engine of native apps, has no RelativeTimeFormat and no DisplayNames, which `createFormats` needs. */
export const formats = {
  // The text of an amount goes in whole: a float would round it.
  money: ({ amount, currencyCode }: MobileMoneyFragment) =>
    new Intl.NumberFormat(LANGUAGE, { style: "currency", currency: currencyCode }).format(
      amount as Intl.StringNumericLiteral,
    ),
  dateTime: (iso: string) => time(Date.parse(iso)),
};
