/** A page about the cart: what it shows while the cart loads, where it is empty, and where there is one. */
import { Empty, Loaded, buttonClass } from "@petplus/ui";
import type { ReactNode } from "react";
import { Link } from "wouter";
import { useShopI18n } from "../i18n";
import { useCart, type Cart, type CartActions } from "./useCart";

interface CartFrameProps {
  title: string;
  skeleton: ReactNode;
  /** What is shown of a cart with lines. */
  children: (cart: Cart, actions: CartActions) => ReactNode;
}

export function CartFrame({ title, skeleton, children }: CartFrameProps) {
  const { t } = useShopI18n();
  const actions = useCart();
  const { cart, answer } = actions;
  return (
    <div className="stack">
      <title>{title}</title>
      <h1>{title}</h1>
      {cart && cart.lines.length > 0 ? (
        children(cart, actions)
      ) : answer.isLoading || answer.error ? (
        <Loaded answer={{ ...answer, data: undefined }} skeleton={skeleton}>
          {() => null}
        </Loaded>
      ) : (
        <Empty title={t("cart.empty")}>
          <Link href="/" className={buttonClass({ look: "primary" })}>
            {t("cart.look")}
          </Link>
        </Empty>
      )}
    </div>
  );
}
