/** Checkout: address, shipping, and the order. */
import { useSessionState } from "@petplus/client";
import { Skeleton } from "@petplus/ui";
import { useState } from "react";
import { CartFrame } from "../../cart/CartFrame";
import { Costs } from "../../cart/Costs";
import type { Cart, CartActions } from "../../cart/useCart";
import { useShopI18n } from "../../i18n";
import { AddressForm } from "./AddressForm";
import { AddressSummary } from "./AddressSummary";
import { ShippingForm } from "./ShippingForm";
import "./Page.css";

export function CheckoutPage() {
  const { t } = useShopI18n();
  return (
    <CartFrame title={t("checkout.title")} skeleton={<Skeleton lines={3} height="4rem" />}>
      {(cart, actions) => <Checkout cart={cart} actions={actions} />}
    </CartFrame>
  );
}

function Checkout({ cart, actions }: { cart: Cart; actions: CartActions }) {
  const { t } = useShopI18n();
  const { viewer } = useSessionState();
  const hasAddress = cart.shippingAddress !== null && cart.contactEmail !== null;
  const [isEditing, setEditing] = useState(!hasAddress);
  return (
    <div className="checkout">
      <div className="stack">
        {isEditing ? (
          <AddressForm cart={cart} actions={actions} email={viewer?.email ?? ""} onDone={() => setEditing(false)} />
        ) : (
          <>
            <AddressSummary cart={cart} onChange={() => setEditing(true)} />
            <ShippingForm cart={cart} actions={actions} />
          </>
        )}
      </div>
      <aside className="card stack">
        <h2>{t("checkout.summary")}</h2>
        <ul className="stack" style={{ gap: "0.5rem" }}>
          {cart.lines.map((line) => (
            <li key={line.id} className="muted small">
              {line.quantity} × {line.title}
            </li>
          ))}
        </ul>
        <Costs cart={cart} />
      </aside>
    </div>
  );
}
