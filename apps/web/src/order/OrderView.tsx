/** An order as its customer sees it, whether they are logged in or not. */
import { Badge, toneOfOrder } from "@petplus/ui";
import type { ReactNode } from "react";
import type { Money } from "@petplus/client";
import type { OrderLinePartsFragment, OrderStatus, ParcelPartsFragment, TimelinePartsFragment } from "../gql";
import { useShopI18n } from "../i18n";
import { Parcels } from "./Parcels";
import { Progress } from "./Progress";
import "./OrderView.css";

export interface ShownOrder {
  number: string;
  status: OrderStatus;
  placedAt: string;
  total: Money;
  refunded: Money;
  lines: readonly OrderLinePartsFragment[];
  timeline: readonly TimelinePartsFragment[];
  shipments: readonly ParcelPartsFragment[];
}

/** `children` is what can be done, such as to pay. */
export function OrderView({ order, children }: { order: ShownOrder; children: ReactNode }) {
  const { t, formats } = useShopI18n();
  return (
    <article className="stack order">
      <title>{t("order.title", { number: order.number })}</title>
      <header className="stack" style={{ gap: "0.4rem" }}>
        <div className="row">
          <h1>{t("order.title", { number: order.number })}</h1>
          <span role="status">
            <Badge tone={toneOfOrder(order.status)}>{t(`status.${order.status}`)}</Badge>
          </span>
        </div>
        <p className="muted">
          {t("order.placed", { date: formats.date(order.placedAt) })} · {t("order.live")}
        </p>
      </header>
      <Progress status={order.status} />
      {children}
      <div className="order-columns">
        <section className="card stack" aria-labelledby="lines">
          <h2 id="lines">{t("order.lines")}</h2>
          <Lines order={order} />
        </section>
        <div className="stack">
          <Parcels parcels={order.shipments} />
          <History entries={order.timeline} />
        </div>
      </div>
    </article>
  );
}

function Lines({ order }: { order: ShownOrder }) {
  const { t, formats } = useShopI18n();
  return (
    <>
      <ul className="stack">
        {order.lines.map((line) => (
          <li key={line.id} className="order-line">
            {line.previewUrl ? <img src={line.previewUrl} alt="" width="64" height="64" /> : <span />}
            <div>
              <strong>{line.title}</strong>
              <p className="muted small">{t("order.pieces", { count: line.quantity })}</p>
            </div>
            <span className="number">{formats.money(line.total)}</span>
          </li>
        ))}
      </ul>
      <dl className="costs">
        <div className="costs-total">
          <dt>{t("cart.total")}</dt>
          <dd>{formats.money(order.total)}</dd>
        </div>
        {Number(order.refunded.amount) > 0 && (
          <div>
            <dt>{t("order.refunded")}</dt>
            <dd>{formats.money(order.refunded)}</dd>
          </div>
        )}
      </dl>
    </>
  );
}

function History({ entries }: { entries: readonly TimelinePartsFragment[] }) {
  const { t, formats } = useShopI18n();
  const newestFirst = entries.toSorted((one, other) => other.version - one.version);
  return (
    <section className="card stack" aria-labelledby="history">
      <h2 id="history">{t("order.history")}</h2>
      <ol className="order-history">
        {newestFirst.map((entry) => (
          <li key={entry.version}>
            <strong>{t(`status.${entry.status}`)}</strong>
            <time dateTime={entry.at} className="muted small">
              {formats.dateTime(entry.at)}
            </time>
            {entry.reason && <p className="small">{entry.reason}</p>}
          </li>
        ))}
      </ol>
    </section>
  );
}
