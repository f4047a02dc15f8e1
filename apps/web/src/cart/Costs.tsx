/** What a cart costs, sum by sum. */
import { useShopI18n } from "../i18n";
import type { Cart } from "./useCart";
import "./Costs.css";

function isZero(amount: string): boolean {
  return Number(amount) === 0;
}

export function Costs({ cart }: { cart: Cart }) {
  const { t, formats } = useShopI18n();
  const { cost } = cart;
  const discounts = (["quantityDiscount", "discount"] as const).filter((name) => !isZero(cost[name].amount));
  return (
    <div>
      <dl className="costs">
        <div>
          <dt>{t("cart.subtotal")}</dt>
          <dd>{formats.money(cost.subtotal)}</dd>
        </div>
        {discounts.map((name) => (
          <div key={name}>
            <dt>{t(`cart.${name}`)}</dt>
            <dd>−{formats.money(cost[name])}</dd>
          </div>
        ))}
        <div>
          <dt>{t("cart.shipping")}</dt>
          <dd>{cart.shippingMethod ? formats.money(cost.shipping) : t("cart.later")}</dd>
        </div>
        <div className="costs-total">
          <dt>{t("cart.total")}</dt>
          <dd>{formats.money(cost.total)}</dd>
        </div>
      </dl>
      {!isZero(cost.includedTax.amount) && (
        <p className="muted small">{t("cart.tax", { amount: formats.money(cost.includedTax) })}</p>
      )}
    </div>
  );
}
