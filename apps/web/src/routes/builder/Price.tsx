/** The price, item by item. */
import { ErrorPanel, Skeleton } from "@petplus/ui";
import { useShopI18n } from "../../i18n";
import type { Priced } from "./usePrice";

export function Price({ priced }: { priced: Priced }) {
  const { t, formats } = useShopI18n();
  const { price, isOld, error, refusals } = priced;
  if (error && !price) return <ErrorPanel error={error} />;
  if (!price) return refusals.size > 0 ? null : <Skeleton lines={3} />;
  return (
    <section aria-label={t("builder.price")} aria-busy={isOld} className="builder-price">
      <dl className="costs">
        {price.items.map(({ kind, label, amount }) => (
          <div key={kind}>
            <dt>{label}</dt>
            <dd>{formats.money(amount)}</dd>
          </div>
        ))}
        <div className="costs-total">
          <dt>{t("builder.total")}</dt>
          <dd>
            <span role="status">{formats.money(price.total)}</span>
          </dd>
        </div>
      </dl>
    </section>
  );
}
