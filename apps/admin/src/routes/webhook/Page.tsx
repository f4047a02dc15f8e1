/** One delivery: the way that it took, what was tried, and what staff can do about it. */
import { useFollow, useGraph } from "@petplus/client";
import { Badge, ErrorPanel, Loaded, Skeleton, Table, type Column } from "@petplus/ui";
import { Link } from "wouter";
import { useCan } from "../../access";
import {
  AdminDeliveryChangesDocument,
  AdminDeliveryFeedStartDocument,
  AdminDeliveryPageDocument,
  type DeliveryDetailFragment,
} from "../../gql";
import { useAdminI18n } from "../../i18n";
import { ReplayButton, TONES } from "../webhooks/Page";
import { Way } from "./Way";

type Attempt = DeliveryDetailFragment["attemptLog"][number];

export function WebhookPage({ id }: { id: string }) {
  // The feed is followed from before the delivery was fetched, so nothing is between the two.
  const start = useGraph(AdminDeliveryFeedStartDocument, {}, { policy: "network-only" });
  return (
    <Loaded answer={start} skeleton={<Skeleton lines={4} height="5rem" />}>
      {({ webhookFeedCursor }) => <Delivery id={id} cursor={webhookFeedCursor} />}
    </Loaded>
  );
}

function Delivery({ id, cursor }: { id: string; cursor: string | null }) {
  const answer = useGraph(AdminDeliveryPageDocument, { id });
  return (
    <Loaded answer={answer} skeleton={<Skeleton lines={4} height="5rem" />}>
      {({ webhookDelivery }) =>
        webhookDelivery ? (
          <DeliveryDetails delivery={webhookDelivery} cursor={cursor} onChange={answer.refetch} />
        ) : (
          <ErrorPanel error={answer.error} onRetry={answer.refetch} />
        )
      }
    </Loaded>
  );
}

interface DeliveryDetailsProps {
  delivery: DeliveryDetailFragment;
  cursor: string | null;
  onChange: () => void;
}

function DeliveryDetails({ delivery, cursor, onChange }: DeliveryDetailsProps) {
  const { t, formats } = useAdminI18n();
  const can = useCan();
  // A page has one stream: once an order has changed and is known here, it is the one of the order.
  const hasChanged = delivery.order !== null && (delivery.timeline ?? []).length > 0;
  useFollow(AdminDeliveryChangesDocument, { reference: delivery.id, afterCursor: cursor }, onChange, { pause: hasChanged });
  const title = `${t(`source.${delivery.source}`)}: ${delivery.topic ?? "–"}`;
  const facts = [
    [t("delivery.id"), delivery.id],
    [t("delivery.senderId"), delivery.deliveryId],
    [t("delivery.shop"), delivery.shop],
    [t("delivery.occurred"), delivery.occurredAt && formats.exact(delivery.occurredAt)],
    [t("delivery.repeats"), delivery.repeats > 0 && formats.number(delivery.repeats)],
    [t("delivery.request"), delivery.requestId],
  ].filter(([, value]) => value);
  return (
    <article className="stack">
      <title>{title}</title>
      <Link href="/webhooks">← {t("delivery.back")}</Link>
      <header className="row">
        <h1>{title}</h1>
        <span role="status">
          <Badge tone={TONES[delivery.state]}>{t(`state.${delivery.state}`)}</Badge>
        </span>
        {delivery.order && <Link href={`/orders/${delivery.order.id}`}>{t("order.title", { number: delivery.order.number })}</Link>}
      </header>
      <Way delivery={delivery} />
      <section className="card stack" aria-labelledby="advice">
        <h2 id="advice">{t("delivery.advice")}</h2>
        {delivery.error && <p className="delivery-error">{delivery.error}</p>}
        <p>{delivery.advice}</p>
        {can("webhooks:write") && (
          <div>
            <ReplayButton delivery={delivery} />
          </div>
        )}
      </section>
      <section className="card stack" aria-label={t("delivery.facts")}>
        <dl className="pairs">
          {facts.map(([term, value]) => (
            <div key={String(term)}>
              <dt className="muted">{term}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      </section>
      <Attempts attempts={delivery.attemptLog} />
    </article>
  );
}

function Attempts({ attempts }: { attempts: readonly Attempt[] }) {
  const { t, formats } = useAdminI18n();
  const columns: readonly Column<Attempt>[] = [
    { header: t("delivery.attempt"), cell: ({ number }) => formats.number(number) },
    { header: t("delivery.at"), cell: ({ at }) => formats.exact(at) },
    { header: t("delivery.took"), cell: ({ durationMs }) => (durationMs === null ? "–" : formats.duration(durationMs)), isNumber: true },
    { header: t("delivery.outcome"), cell: ({ error }) => error ?? t("delivery.applied") },
    { header: t("delivery.next"), cell: ({ nextAttemptAt }) => (nextAttemptAt ? formats.dateTime(nextAttemptAt) : "–") },
  ];
  return (
    <section className="card stack" aria-labelledby="attempts">
      <h2 id="attempts">{t("delivery.attempts")}</h2>
      {attempts.length === 0 ? (
        <p className="muted">{t("delivery.noAttempts")}</p>
      ) : (
        <Table caption={t("delivery.attempts")} columns={columns} rows={attempts} keyOf={({ number }) => String(number)} />
      )}
    </section>
  );
}
