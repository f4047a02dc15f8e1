/** The statuses as tabs, each with how many orders of the list are in it. */
import { Link } from "wouter";
import type { AdminOrderCountsQuery, OrderStatus } from "../../gql";
import { useAdminI18n } from "../../i18n";
import type { UrlFilter } from "../../useUrlFilter";
import { STATUSES } from "./statuses";

type Counts = NonNullable<AdminOrderCountsQuery["orderStats"]>["byStatus"];

interface StatusTabsProps {
  filter: UrlFilter;
  chosen: OrderStatus | undefined;
  counts: Counts | undefined;
}

export function StatusTabs({ filter, chosen, counts }: StatusTabsProps) {
  const { t, formats } = useAdminI18n();
  const found = new Map(counts?.map((each) => [each.status, each]));
  const all = {
    count: counts?.reduce((sum, { count }) => sum + count, 0) ?? 0,
    isExact: counts?.every(({ isExact }) => isExact) ?? true,
  };
  const tabs = [["", t("orders.any"), all], ...STATUSES.map((each) => [each, t(`status.${each}`), found.get(each)] as const)] as const;
  return (
    <nav className="tabs" aria-label={t("orders.status")}>
      {tabs.map(([status, name, of]) => (
        <Link key={status} href={`/orders${filter.with("status", status)}`} aria-current={status === (chosen ?? "") ? "page" : undefined}>
          {name}{" "}
          <span className="number muted">{counts && `${formats.number(of?.count ?? 0)}${of?.isExact === false ? "+" : ""}`}</span>
        </Link>
      ))}
    </nav>
  );
}
