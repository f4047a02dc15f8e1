/** Who ordered, and where it goes. */
import type { OrderDetailFragment } from "../../gql";
import { useAdminI18n } from "../../i18n";

export function Customer({ order }: { order: OrderDetailFragment }) {
  const { t, formats } = useAdminI18n();
  const to = order.shippingAddress;
  const town = [to?.postalCode, to?.city].filter(Boolean).join(" ");
  const lines = [to?.recipient, to?.addressLine1, to?.addressLine2, town, to?.countryCode && formats.country(to.countryCode), to?.phone];
  return (
    <section className="card stack" aria-labelledby="customer">
      <h2 id="customer">{t("order.customer")}</h2>
      <p>
        {order.customer?.name ?? t("orders.guest")}
        <br />
        <span className="muted">{order.contactEmail}</span>
      </p>
      <address style={{ fontStyle: "normal" }}>
        {lines.filter(Boolean).map((line) => (
          <div key={line}>{line}</div>
        ))}
      </address>
    </section>
  );
}
