/** What other systems delivered, and what became of it. Failed deliveries can be applied again. */
import { isProblem, useAct, useGraph } from "@petplus/client";
import { Badge, Button, Table, useToast, type Column, type Tone } from "@petplus/ui";
import { useState } from "react";
import { Link } from "wouter";
import { useCan } from "../../access";
import {
  AdminReplayDocument,
  AdminWebhookCountsDocument,
  AdminWebhookListDocument,
  type DeliveryRowFragment,
  type WebhookSource,
  type WebhookState,
} from "../../gql";
import { useAdminI18n } from "../../i18n";
import { ChoiceFilter, Filters } from "../../list/Filters";
import { PAGE, PagedList } from "../../list/PagedList";
import { CURSOR, oneOf, useUrlFilter, type UrlFilter } from "../../useUrlFilter";

const STATES: readonly WebhookState[] = ["RECEIVED", "PROCESSED", "FAILED", "DEAD", "IGNORED", "REJECTED"];
const SOURCES: readonly WebhookSource[] = ["SHOPIFY", "STRIPE", "INTERNAL"];
const REPLAYABLE: ReadonlySet<WebhookState> = new Set(["PROCESSED", "FAILED", "DEAD"]);
export const TONES: Readonly<Record<WebhookState, Tone>> = {
  RECEIVED: "info",
  PROCESSED: "good",
  FAILED: "warn",
  DEAD: "bad",
  IGNORED: "plain",
  REJECTED: "bad",
};

export function WebhooksPage() {
  const { t } = useAdminI18n();
  const filter = useUrlFilter();
  const state = oneOf(filter.get("state"), STATES);
  const source = oneOf(filter.get("source"), SOURCES);
  const answer = useGraph(AdminWebhookListDocument, {
    filter: { ...(state && { states: [state] }), ...(source && { source }) },
    first: PAGE,
    after: filter.get(CURSOR) || null,
  });
  return (
    <div className="stack">
      <title>{t("webhooks.title")}</title>
      <h1>{t("webhooks.title")}</h1>
      <DeliveryFilters filter={filter} />
      <PagedList
        title={t("webhooks.title")}
        answer={answer}
        pageOf={({ webhookDeliveries }) => webhookDeliveries}
        filter={filter}
        countText={(count) => t("webhooks.count", { count })}
        noneText={t("webhooks.none")}
      >
        {(deliveries) => <Deliveries deliveries={deliveries} />}
      </PagedList>
    </div>
  );
}

/** The filters; each state with how many deliveries are in it. */
function DeliveryFilters({ filter }: { filter: UrlFilter }) {
  const { t, formats } = useAdminI18n();
  const { data } = useGraph(AdminWebhookCountsDocument, {});
  const counts = new Map(data?.webhookStats?.byState.map(({ state, count }) => [state, count]));
  const named = (state: WebhookState): string => `${t(`state.${state}`)} (${formats.number(counts.get(state) ?? 0)})`;
  return (
    <Filters>
      <ChoiceFilter
        filter={filter}
        name="state"
        label={t("webhooks.state")}
        any={t("list.any")}
        options={STATES.map((each) => [each, named(each)] as const)}
      />
      <ChoiceFilter
        filter={filter}
        name="source"
        label={t("webhooks.source")}
        any={t("list.any")}
        options={SOURCES.map((each) => [each, t(`source.${each}`)] as const)}
      />
    </Filters>
  );
}

function Deliveries({ deliveries }: { deliveries: readonly DeliveryRowFragment[] }) {
  const { t, formats } = useAdminI18n();
  const can = useCan();
  const columns: Column<DeliveryRowFragment>[] = [
    { header: t("webhooks.received"), cell: ({ receivedAt }) => formats.dateTime(receivedAt) },
    { header: t("webhooks.source"), cell: ({ source }) => t(`source.${source}`) },
    { header: t("webhooks.topic"), cell: ({ id, topic }) => <DeliveryLink id={id} topic={topic} /> },
    {
      header: t("webhooks.state"),
      cell: ({ state, error }) => (
        <span title={error ?? undefined}>
          <Badge tone={TONES[state]}>{t(`state.${state}`)}</Badge>
        </span>
      ),
    },
    { header: t("webhooks.attempts"), cell: ({ attempts }) => formats.number(attempts), isNumber: true },
    {
      header: t("webhooks.order"),
      cell: ({ order }) => (order ? <Link href={`/orders/${order.id}`}>{order.number}</Link> : "–"),
    },
  ];
  if (can("webhooks:write")) {
    columns.push({ header: t("webhooks.action"), cell: (delivery) => <ReplayButton delivery={delivery} /> });
  }
  return <Table caption={t("webhooks.title")} columns={columns} rows={deliveries} keyOf={({ id }) => id} />;
}

function DeliveryLink({ id, topic }: Pick<DeliveryRowFragment, "id" | "topic">) {
  return <Link href={`/webhooks/${id}`}>{topic ?? "–"}</Link>;
}

export function ReplayButton({ delivery }: { delivery: DeliveryRowFragment }) {
  const { t } = useAdminI18n();
  const replay = useAct(AdminReplayDocument);
  const tell = useToast();
  const [isBusy, setBusy] = useState(false);
  if (!REPLAYABLE.has(delivery.state)) return "–";

  async function apply(): Promise<void> {
    setBusy(true);
    const result = await replay({ input: { id: delivery.id } }).catch(() => null);
    setBusy(false);
    if (result === null) tell(t("ui.trouble.failed"), "bad");
    else if (isProblem(result.webhookReplay)) tell(result.webhookReplay.message, "bad");
    else tell(t("webhooks.replayed", { count: result.webhookReplay.replayed }));
  }

  return (
    <Button isSmall isBusy={isBusy} onClick={() => void apply()}>
      {t("webhooks.replay")}
    </Button>
  );
}
