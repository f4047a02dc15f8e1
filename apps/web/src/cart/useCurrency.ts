/** The currency in which prices are shown and carts are started. */
import { useSyncExternalStore } from "react";
import { chosenCurrency, subscribeToCurrency } from "../currency";
import type { CurrencyCode } from "../gql";
import { useCart } from "./useCart";

interface Currency {
  currency: CurrencyCode;
  /** A cart with lines stays in its currency, and so do all prices until it is ordered or empty. */
  isFixed: boolean;
}

export function useCurrency(): Currency {
  const chosen = useSyncExternalStore(subscribeToCurrency, chosenCurrency);
  const { cart } = useCart();
  return cart && cart.lines.length > 0 ? { currency: cart.currencyCode, isFixed: true } : { currency: chosen, isFixed: false };
}
