/** What an order costs, what came in and what went back, entry by entry. */
import { Table, type Column } from "@petplus/ui";
import type { OrderDetailFragment } from "../../gql";
import { useAdminI18n } from "../../i18n";

type Entry = NonNullable<OrderDetailFragment["ledger"]>[number];

export function Money({ order }: { order: OrderDetailFragment }) {
  const { t, formats } = useAdminI18n();
  const sums = [
    [t("order.total"), order.total],
    [t("order.paid"), order.paid],
    [t("order.owed"), order.owed],
    [t("order.totalRefunded"), order.refunded],
  ] as const;
  const columns: readonly Column<Entry>[] = [
    { header: t("order.entry"), cell: ({ kind, state }) => `${t(`ledger.${kind}`)}, ${t(`ledgerState.${state}`)}` },
    { header: t("order.at"), cell: ({ occurredAt }) => formats.dateTime(occurredAt) },
    { header: t("order.sum"), cell: ({ amount }) => formats.money(amount), isNumber: true },
  ];
  return (
    <section className="card stack" aria-labelledby="money">
      <h2 id="money">{t("order.ledger")}</h2>
      <dl className="pairs">
        {sums.map(([name, money]) => (
          <div key={name}>
            <dt className="muted">{name}</dt>
            <dd>{formats.money(money)}</dd>
          </div>
        ))}
      </dl>
      {order.ledger?.length ? (
        <Table caption={t("order.ledger")} columns={columns} rows={order.ledger} keyOf={({ id }) => id} />
      ) : (
        <p className="muted">{t("order.noLedger")}</p>
      )}
    </section>
  );
}
