/** Makes a guest's cart the customer's, once they are logged in. */
import { useAct, useSessionState } from "@petplus/client";
import { useEffect, useRef } from "react";
import { WebCartTakeOverDocument } from "../gql";
import { guestCart, keepGuestCart } from "./guest-cart";
import { useCart } from "./useCart";

export function GuestCartClaim() {
  const { status } = useSessionState();
  const claim = useAct(WebCartTakeOverDocument);
  const { answer } = useCart();
  const isAsked = useRef(false);
  useEffect(() => {
    const guest = guestCart();
    if (status !== "signedIn" || guest === null || isAsked.current) return;
    isAsked.current = true;
    // Whatever comes of it, the token is of no more use to a customer.
    void claim({ input: { cartId: guest.id, token: guest.token } })
      .then(() => keepGuestCart(null))
      .then(answer.refetch)
      .catch(() => undefined);
  }, [status, claim, answer]);
  return null;
}
