/** One order with all that staff need to decide, and what they can do with it. */
import { useFollow, useGraph } from "@petplus/client";
import { Badge, ErrorPanel, Loaded, Skeleton, toneOfOrder } from "@petplus/ui";
import { useState } from "react";
import { Link } from "wouter";
import { useCan } from "../../access";
import { AdminOrderChangesDocument, AdminOrderPageDocument, type OrderDetailFragment } from "../../gql";
import { useAdminI18n } from "../../i18n";
import { OrderTrail } from "../audit/Trail";
import { Actions } from "./Actions";
import { Customer } from "./Customer";
import { Lines } from "./Lines";
import { Money } from "./Money";
import { Notes } from "./Notes";
import { Parcels } from "./Parcels";
import { Tasks } from "./Tasks";
import { Timeline } from "./Timeline";
import "./Page.css";

export function OrderPage({ id }: { id: string }) {
  const answer = useGraph(AdminOrderPageDocument, { id });
  return (
    <Loaded answer={answer} skeleton={<Skeleton lines={4} height="5rem" />}>
      {({ order }) =>
        order ? <OrderDetails order={order} onChange={answer.refetch} /> : <ErrorPanel error={answer.error} onRetry={answer.refetch} />
      }
    </Loaded>
  );
}

function OrderDetails({ order, onChange }: { order: OrderDetailFragment; onChange: () => void }) {
  const { t, formats } = useAdminI18n();
  const can = useCan();
  const [first] = useState(order.version);
  useFollow(AdminOrderChangesDocument, { orderId: order.id, afterVersion: first }, onChange);
  return (
    <article className="stack">
      <title>{t("order.title", { number: order.number })}</title>
      <Link href="/orders">← {t("order.back")}</Link>
      <header className="row">
        <h1>{t("order.title", { number: order.number })}</h1>
        <span role="status">
          <Badge tone={toneOfOrder(order.status)}>{t(`status.${order.status}`)}</Badge>
        </span>
        <span className="muted">
          {formats.dateTime(order.placedAt)} · {t(`source.${order.source}`)} · {t("order.version", { version: order.version })}
        </span>
      </header>
      {can("orders:write") && <Actions order={order} onChange={onChange} />}
      <Tasks order={order} canWrite={can("orders:write")} />
      <div className="order-details">
        <div className="stack">
          <Lines order={order} />
          <Parcels order={order} />
          <Money order={order} />
        </div>
        <div className="stack">
          <Timeline order={order} />
          <Customer order={order} />
          <Notes order={order} canWrite={can("orders:write")} />
        </div>
      </div>
      {can("audit:read") && <OrderTrail id={order.id} />}
    </article>
  );
}
