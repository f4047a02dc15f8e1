/** What was earned on each day, by currency: a picture for each, and a table of the same numbers. */
import { useGraph } from "@petplus/client";
import { Loaded, Skeleton, Table, type Column } from "@petplus/ui";
import { useId } from "react";
import { AdminRevenueDocument, type AdminRevenueQuery } from "../../gql";
import { useAdminI18n } from "../../i18n";
import "./Trends.css";

type Day = NonNullable<AdminRevenueQuery["reports"]>["revenue"][number];

interface Period {
  /** The first day, and the day after the last. */
  from: string;
  to: string;
}

const DAY_MS = 86_400_000;
const HEIGHT = 120;

/** The days of each currency, those first that most orders are in. */
export function byCurrency(days: readonly Day[]): readonly (readonly [currency: string, days: readonly Day[]])[] {
  const found = Map.groupBy(days, ({ total }) => total.currencyCode);
  const ordersOf = (each: readonly Day[]): number => each.reduce((sum, { orders }) => sum + orders, 0);
  return [...found].toSorted(([, one], [, other]) => ordersOf(other) - ordersOf(one));
}

export function Revenue({ from, to }: Period) {
  const { t } = useAdminI18n();
  const answer = useGraph(AdminRevenueDocument, { from, to });
  return (
    <section className="card stack" aria-labelledby="revenue">
      <h2 id="revenue">{t("analytics.revenue")}</h2>
      <Loaded answer={answer} skeleton={<Skeleton lines={2} height="4rem" />}>
        {({ reports }) => {
          const days = reports?.revenue ?? [];
          if (days.length === 0) return <p className="muted">{t("analytics.noRevenue")}</p>;
          return byCurrency(days).map(([currency, each]) => <Bars key={currency} currency={currency} days={each} from={from} to={to} />);
        }}
      </Loaded>
    </section>
  );
}

function Bars({ currency, days, from, to }: Period & { currency: string; days: readonly Day[] }) {
  const { t, formats } = useAdminI18n();
  const titleId = useId();
  const begin = Date.parse(from);
  const count = (Date.parse(to) - begin) / DAY_MS;
  const highest = Math.max(1, ...days.map(({ total }) => Number(total.amount)));
  const title = t("analytics.revenueIn", { currency });
  const columns: readonly Column<Day>[] = [
    { header: t("analytics.day"), cell: ({ at }) => formats.day(at) },
    { header: t("analytics.orders"), cell: ({ orders }) => formats.number(orders), isNumber: true },
    { header: t("analytics.earned"), cell: ({ total }) => formats.money(total), isNumber: true },
    { header: t("analytics.refunded"), cell: ({ refunded }) => formats.money(refunded), isNumber: true },
    { header: t("analytics.average"), cell: ({ average }) => formats.money(average), isNumber: true },
  ];
  return (
    <figure className="trend stack">
      <figcaption>{title}</figcaption>
      <svg role="img" aria-labelledby={titleId} viewBox={`0 0 ${count} ${HEIGHT}`} preserveAspectRatio="none" height={HEIGHT}>
        <title id={titleId}>{title}</title>
        {days.map(({ at, total }) => {
          const height = Math.max(0, (Number(total.amount) / highest) * HEIGHT);
          return <rect key={at} x={(Date.parse(at) - begin) / DAY_MS + 0.1} y={HEIGHT - height} width="0.8" height={height} />;
        })}
      </svg>
      <details>
        <summary>{t("analytics.asTable")}</summary>
        <Table caption={title} columns={columns} rows={days} keyOf={({ at }) => at} />
      </details>
    </figure>
  );
}
