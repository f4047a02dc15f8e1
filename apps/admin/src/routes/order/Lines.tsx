/** What was ordered. */
import type { OrderDetailFragment } from "../../gql";
import { useAdminI18n } from "../../i18n";

export function Lines({ order }: { order: OrderDetailFragment }) {
  const { t, formats } = useAdminI18n();
  return (
    <section className="card stack" aria-labelledby="lines">
      <h2 id="lines">{t("order.lines")}</h2>
      <ul className="stack">
        {order.lines.map((line) => (
          <li key={line.id} className="order-line">
            {line.previewUrl ? <img src={line.previewUrl} alt="" width="48" height="48" /> : <span />}
            <span>
              {line.quantity} × {line.title}
            </span>
            <span className="number">{formats.money(line.total)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
