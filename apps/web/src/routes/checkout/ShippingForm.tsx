/** How it is sent, and the order itself. */
import { isProblem, troubleOf, useAct, useSessionState } from "@petplus/client";
import { Button, ChoiceField, Failure } from "@petplus/ui";
import { useState } from "react";
import { useLocation } from "wouter";
import type { Cart, CartActions } from "../../cart/useCart";
import { WebCheckoutDeliveryDocument, WebCheckoutPlaceDocument, type ShippingMethod } from "../../gql";
import { shopLocale, useShopI18n } from "../../i18n";
import type { GuestPageState } from "../track/Page";

export function ShippingForm({ cart, actions }: { cart: Cart; actions: CartActions }) {
  const { t, locale, formats } = useShopI18n();
  const setDelivery = useAct(WebCheckoutDeliveryDocument);
  const place = useAct(WebCheckoutPlaceDocument);
  const { status } = useSessionState();
  const [, navigate] = useLocation();
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string>();

  async function attempt(work: () => Promise<string | undefined>): Promise<void> {
    setBusy(true);
    setFailure(undefined);
    try {
      setFailure(await work());
    } catch (error) {
      setFailure(t(`ui.trouble.${troubleOf(error)}`));
    } finally {
      setBusy(false);
    }
  }

  function choose(shippingMethod: ShippingMethod): void {
    void attempt(async () => {
      const result = await actions.change(async (to) => {
        return (await setDelivery({ input: { ...to, shippingMethod } })).cartDeliverySet;
      });
      return isProblem(result) ? result.message : undefined;
    });
  }

  function order(): void {
    void attempt(async () => {
      const result = await actions.change(async (to) => (await place({ input: { ...to, locale: shopLocale(locale) } })).checkoutComplete);
      if (result.__typename !== "CheckoutCompleteSuccess") {
        const listed = "problems" in result ? result.problems.map(({ message }) => message) : [];
        return listed.join(" ") || result.message;
      }
      const { id, number } = result.order;
      const payUrl = result.payment?.url ?? null;
      if (status === "signedIn") {
        navigate(`/orders/${id}`, { state: { payUrl } });
      } else {
        const state: GuestPageState = { number, email: cart.contactEmail ?? "", payUrl };
        navigate("/track", { state });
      }
      await actions.leave();
      return undefined;
    });
  }

  return (
    <div className="stack">
      <ChoiceField
        label={t("checkout.shipping")}
        value={cart.shippingMethod}
        options={cart.shippingRates.map(({ method, amount, days }) => ({
          value: method,
          text: `${t(`method.${method}`)}, ${formats.money(amount)}, ${t("checkout.days", { least: days.least, count: days.most })}`,
        }))}
        onChange={choose}
      />
      {cart.problems.map(({ code, message }) => (
        <p key={code} className="field-error">
          {message}
        </p>
      ))}
      <Failure text={failure} />
      <Button look="primary" isBusy={isBusy} disabled={cart.problems.length > 0} onClick={order}>
        {t("checkout.place", { price: formats.money(cart.cost.total) })}
      </Button>
    </div>
  );
}
