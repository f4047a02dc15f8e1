/** The viewer's cart, a customer's or a guest's, and what can be done with it. */
import { isProblem, useAct, useAsk, useGraph, useSessionState, type Answer } from "@petplus/client";
import { useSyncExternalStore } from "react";
import { chosenCurrency } from "../currency";
import {
  WebCartAddDocument,
  WebCartChangeDocument,
  WebCartRemoveDocument,
  WebCartStartDocument,
  WebCustomerCartDocument,
  WebGuestCartDocument,
  type CartPartsFragment,
} from "../gql";
import { guestCart, keepGuestCart, subscribeToGuestCart } from "./guest-cart";

export type Cart = CartPartsFragment;

/** A result that holds a problem, as all results of carts may. */
type Outcome = { __typename: string; code?: string; message?: string };

interface Address {
  cartId: string;
  token: string | null;
  version: number;
}

export interface CartActions {
  /** The cart, or null as long as there is none. */
  cart: Cart | null;
  answer: Answer<unknown>;
  /** Adds a piece by its quote; starts a cart where there is none. Returns whether it worked. */
  add: (quote: string) => Promise<boolean>;
  setQuantity: (lineId: string, quantity: number) => Promise<boolean>;
  remove: (lineId: string) => Promise<boolean>;
  /** Forgets a cart that was ordered. */
  leave: () => Promise<void>;
  /** Sends any change of the cart, and once more where another tab had changed it meanwhile. */
  change: <Result extends Outcome>(send: (to: Address) => Promise<Result>) => Promise<Result>;
}

function open<Parts extends Cart>(cart: Parts | null | undefined): Parts | null {
  return cart && cart.order === null ? cart : null;
}

export function useCart(): CartActions {
  const isCustomer = useSessionState().status === "signedIn";
  const guest = useSyncExternalStore(subscribeToGuestCart, guestCart);
  const customers = useGraph(WebCustomerCartDocument, {}, { pause: !isCustomer });
  const guests = useGraph(
    WebGuestCartDocument,
    { id: guest?.id ?? "", token: guest?.token ?? null },
    { pause: isCustomer || guest === null },
  );
  const start = useAct(WebCartStartDocument);
  const addLines = useAct(WebCartAddDocument);
  const changeLines = useAct(WebCartChangeDocument);
  const removeLines = useAct(WebCartRemoveDocument);
  const askCustomers = useAsk(WebCustomerCartDocument);
  const askGuests = useAsk(WebGuestCartDocument);

  // A query that is paused keeps its last data.
  const guestsCart = guest === null ? null : guests.data?.cart;
  const cart = open(isCustomer ? customers.data?.me?.cart : guestsCart);
  const token = isCustomer ? null : (guest?.token ?? null);

  async function current(): Promise<Cart | null> {
    if (isCustomer) return open((await askCustomers({})).me?.cart);
    return guest === null ? null : open((await askGuests({ id: guest.id, token: guest.token })).cart);
  }

  const change: CartActions["change"] = async (send) => {
    const known = cart ?? (await current());
    if (known === null) throw new Error("There is no cart to change.");
    const result = await send({ cartId: known.id, token, version: known.version });
    if (result.__typename !== "ConflictProblem") return result;
    const now = await current();
    return now === null ? result : send({ cartId: now.id, token, version: now.version });
  };

  async function begin(quote: string): Promise<boolean> {
    const { cartCreate } = await start({ input: { currency: chosenCurrency(), lines: [{ quote }] } });
    if (cartCreate.__typename !== "CartCreateSuccess") return false;
    if (cartCreate.token !== null) keepGuestCart({ id: cartCreate.cart.id, token: cartCreate.token });
    else await current();
    return true;
  }

  async function put(quote: string): Promise<boolean> {
    const known = cart ?? (await current());
    // An empty cart takes the currency of what is put in first.
    if (known === null || known.lines.length === 0) return begin(quote);
    const added = await change(async (to) => (await addLines({ input: { ...to, lines: [{ quote }] } })).cartLinesAdd);
    return !isProblem(added);
  }

  return {
    cart,
    answer: isCustomer ? customers : guests,
    change,
    async leave() {
      if (isCustomer) await current();
      else keepGuestCart(null);
    },
    add: (quote) => put(quote).catch(() => false),
    async setQuantity(lineId, quantity) {
      const lines = [{ lineId, quantity }];
      return !isProblem(await change(async (to) => (await changeLines({ input: { ...to, lines } })).cartLinesUpdate));
    },
    async remove(lineId) {
      const lineIds = [lineId];
      return !isProblem(await change(async (to) => (await removeLines({ input: { ...to, lineIds } })).cartLinesRemove));
    },
  };
}
