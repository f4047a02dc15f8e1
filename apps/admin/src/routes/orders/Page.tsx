/** The live list of orders: filters in the address, as many rows as there are, and every change as it happens. */
import { useGraph, useIsLive } from "@petplus/client";
import { Badge, ErrorPanel, Skeleton, useDebounced } from "@petplus/ui";
import { useState } from "react";
import { useCan } from "../../access";
import { AdminFeedStartDocument, AdminOrderCountsDocument, type OrderFilter, type OrderSort, type OrderSource } from "../../gql";
import { useAdminI18n } from "../../i18n";
import { ChoiceFilter, DayFilter, Filters, TextFilter } from "../../list/Filters";
import { dayStart, oneOf, useUrlFilter, type UrlFilter } from "../../useUrlFilter";
import { BulkMove } from "./BulkMove";
import { OrderPages } from "./OrderPages";
import { SavedViews } from "./SavedViews";
import { StatusTabs } from "./StatusTabs";
import { STATUSES } from "./statuses";
import { useLiveOrders } from "./useLiveOrders";
import { useSelection } from "./useSelection";
import "./Page.css";

const SORTS: readonly OrderSort[] = ["NEWEST", "OLDEST", "RECENTLY_CHANGED", "LEAST_RECENTLY_CHANGED", "TOTAL_HIGHEST", "TOTAL_LOWEST"];
const SOURCES: readonly OrderSource[] = ["ALL_PET_PLUS", "SHOPIFY"];

export function OrdersPage() {
  const { t } = useAdminI18n();
  const filter = useUrlFilter();
  // The feed begins where it stood before the list was fetched, so nothing is between the two.
  const start = useGraph(AdminFeedStartDocument, {}, { policy: "network-only" });
  return (
    <div className="stack">
      <title>{t("orders.title")}</title>
      <header className="row apart">
        <h1>{t("orders.title")}</h1>
        <LiveBadge />
      </header>
      <SavedViews filter={filter} />
      <OrderFilters filter={filter} />
      {start.error ? (
        <ErrorPanel error={start.error} onRetry={start.refetch} />
      ) : start.data ? (
        <OrderList filter={filter} cursor={start.data.orderFeedCursor ?? ""} />
      ) : (
        <Skeleton lines={8} height="2rem" />
      )}
    </div>
  );
}

function LiveBadge() {
  const { t } = useAdminI18n();
  return useIsLive() ? <Badge tone="good">{t("orders.live")}</Badge> : null;
}

function OrderFilters({ filter }: { filter: UrlFilter }) {
  const { t } = useAdminI18n();
  return (
    <Filters>
      <TextFilter filter={filter} name="text" label={t("orders.search")} />
      <ChoiceFilter
        filter={filter}
        name="source"
        label={t("orders.source")}
        any={t("list.any")}
        options={SOURCES.map((each) => [each, t(`source.${each}`)] as const)}
      />
      <DayFilter filter={filter} name="from" label={t("orders.placedFrom")} />
      <DayFilter filter={filter} name="to" label={t("orders.placedTo")} />
      <ChoiceFilter
        filter={filter}
        name="sort"
        label={t("list.sort")}
        options={SORTS.map((each) => [each === "NEWEST" ? "" : each, t(`sort.${each}`)] as const)}
      />
    </Filters>
  );
}

/** The filter of the graph that the address means, but for the status. */
function useOrderFilter(filter: UrlFilter): OrderFilter {
  const text = useDebounced(filter.get("text").trim());
  const source = oneOf(filter.get("source"), SOURCES);
  const placedFrom = dayStart(filter.get("from"));
  const placedBefore = dayStart(filter.get("to"), 1);
  return { ...(text && { text }), ...(source && { source }), ...(placedFrom && { placedFrom }), ...(placedBefore && { placedBefore }) };
}

function OrderList({ filter, cursor }: { filter: UrlFilter; cursor: string }) {
  const can = useCan();
  const selection = useSelection();
  const [revision, setRevision] = useState(0);
  const status = oneOf(filter.get("status"), STATUSES);
  const sort = oneOf(filter.get("sort"), SORTS) ?? "NEWEST";
  const wanted = useOrderFilter(filter);
  const { data, refetch } = useGraph(AdminOrderCountsDocument, { filter: wanted });
  const shown: OrderFilter = status ? { ...wanted, status: [status] } : wanted;

  function renew(): void {
    setRevision((before) => before + 1);
    refetch();
  }

  const fresh = useLiveOrders(cursor, renew);
  const canMove = can("orders:write");
  return (
    <>
      <StatusTabs filter={filter} chosen={status} counts={data?.orderStats?.byStatus} />
      {canMove && <BulkMove selection={selection} fresh={fresh} onDone={renew} />}
      <OrderPages
        key={JSON.stringify([shown, sort])}
        filter={shown}
        sort={sort}
        fresh={fresh}
        revision={revision}
        selection={canMove ? selection : null}
        onReset={filter.reset}
      />
    </>
  );
}
