/** What happened to an order, newest first, and who or what caused it. */
import { Link } from "wouter";
import type { OrderDetailFragment } from "../../gql";
import { useAdminI18n } from "../../i18n";

export function Timeline({ order }: { order: OrderDetailFragment }) {
  const { t, formats } = useAdminI18n();
  return (
    <section className="card stack" aria-labelledby="timeline">
      <h2 id="timeline">{t("order.timeline")}</h2>
      <ol className="order-timeline">
        {order.timeline.toReversed().map((entry) => (
          <li key={entry.id}>
            <strong>{t(`status.${entry.status}`)}</strong>
            <p className="small muted">
              <time dateTime={entry.at}>{formats.dateTime(entry.at)}</time>, {entry.actor?.name ?? t(`actor.${entry.actorKind}`)}
              {entry.delivery && (
                <>
                  {", "}
                  <Link href={`/webhooks/${entry.delivery.id}`}>
                    {t("order.byDelivery", { source: t(`source.${entry.delivery.source}`), topic: entry.delivery.topic ?? "" })}
                  </Link>
                </>
              )}
            </p>
            {entry.reason && <p className="small">{entry.reason}</p>}
          </li>
        ))}
      </ol>
    </section>
  );
}
