/** The cart: lines, quantities, and what it costs. */
import { Button, Skeleton, buttonClass, useToast } from "@petplus/ui";
import { useState } from "react";
import { Link } from "wouter";
import { CartFrame } from "../../cart/CartFrame";
import { Costs } from "../../cart/Costs";
import { DiscountCode } from "../../cart/DiscountCode";
import type { Cart, CartActions } from "../../cart/useCart";
import type { CartLinePartsFragment } from "../../gql";
import { useShopI18n } from "../../i18n";
import "./Page.css";

const MOST = 20;

export function CartPage() {
  const { t } = useShopI18n();
  return (
    <CartFrame title={t("cart.title")} skeleton={<Skeleton lines={2} height="6rem" />}>
      {(cart, actions) => <FilledCart cart={cart} actions={actions} />}
    </CartFrame>
  );
}

function FilledCart({ cart, actions }: { cart: Cart; actions: CartActions }) {
  const { t } = useShopI18n();
  return (
    <div className="cart">
      <ul className="stack">
        {cart.lines.map((line) => (
          <CartLine key={line.id} line={line} actions={actions} problem={cart.problems.find((each) => each.lineId === line.id)?.message} />
        ))}
      </ul>
      <aside className="card stack">
        <DiscountCode cart={cart} actions={actions} />
        <Costs cart={cart} />
        <Link href="/checkout" className={buttonClass({ look: "primary" })}>
          {t("cart.checkout")}
        </Link>
      </aside>
    </div>
  );
}

interface LineProps {
  line: CartLinePartsFragment;
  actions: CartActions;
  problem: string | undefined;
}

function CartLine({ line, actions, problem }: LineProps) {
  const { t, formats } = useShopI18n();
  const tell = useToast();
  const [isBusy, setBusy] = useState(false);
  const picture = line.design?.previewUrl ?? line.preset?.previewUrl;
  const quantities = Array.from({ length: Math.max(MOST, line.quantity) }, (_, index) => index + 1);

  async function change(work: () => Promise<boolean>): Promise<void> {
    setBusy(true);
    const isDone = await work().catch(() => false);
    setBusy(false);
    if (!isDone) tell(t("ui.trouble.failed"), "bad");
  }

  return (
    <li className="cart-line card" aria-busy={isBusy}>
      {picture ? <img src={picture} alt="" width="96" height="96" /> : <span />}
      <div>
        <strong>{line.title}</strong>
        <p className="muted small">{t("cart.each", { price: formats.money(line.unitPrice) })}</p>
        {problem && <p className="field-error">{problem}</p>}
        <div className="row">
          <select
            className="cart-quantity"
            aria-label={t("cart.quantity", { title: line.title })}
            value={line.quantity}
            disabled={isBusy}
            onChange={({ target }) => void change(() => actions.setQuantity(line.id, Number(target.value)))}
          >
            {quantities.map((each) => (
              <option key={each}>{each}</option>
            ))}
          </select>
          <Button
            look="quiet"
            isSmall
            isBusy={isBusy}
            aria-label={t("cart.remove", { title: line.title })}
            onClick={() => void change(() => actions.remove(line.id))}
          >
            {t("builder.removeMotif")}
          </Button>
        </div>
      </div>
      <strong className="number">{formats.money(line.total)}</strong>
    </li>
  );
}
