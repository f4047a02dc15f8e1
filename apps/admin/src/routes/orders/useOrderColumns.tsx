/** What a row of the list shows of an order. */
import { Badge, toneOfOrder, type Column } from "@petplus/ui";
import { Link } from "wouter";
import type { OrderRowFragment } from "../../gql";
import { useAdminI18n } from "../../i18n";
import type { Selection } from "./useSelection";

/** `selection` is null for who may not change orders. */
export function useOrderColumns(selection: Selection | null): readonly Column<OrderRowFragment>[] {
  const { t, formats } = useAdminI18n();
  const columns: Column<OrderRowFragment>[] = [
    { header: t("orders.number"), cell: ({ id, number }) => <OrderLink id={id} number={number} /> },
    {
      header: t("orders.status"),
      cell: ({ status }) => <Badge tone={toneOfOrder(status)}>{t(`status.${status}`)}</Badge>,
    },
    { header: t("orders.customer"), cell: ({ customer, contactEmail }) => customer?.name ?? contactEmail ?? t("orders.guest") },
    { header: t("orders.lines"), cell: ({ lines }) => lines.map(({ quantity, title }) => `${quantity} × ${title}`).join(", ") },
    { header: t("orders.total"), cell: ({ total }) => formats.money(total), isNumber: true },
    {
      header: t("orders.placed"),
      cell: ({ placedAt }) => (
        <time className="nowrap" dateTime={placedAt} title={formats.dateTime(placedAt)}>
          {formats.ago(placedAt)}
        </time>
      ),
    },
  ];
  if (selection === null) return columns;
  return [{ header: t("orders.select"), cell: (order) => <Box order={order} selection={selection} /> }, ...columns];
}

function OrderLink({ id, number }: { id: string; number: string }) {
  return (
    <Link href={`/orders/${id}`} className="nowrap">
      {number}
    </Link>
  );
}

function Box({ order, selection }: { order: OrderRowFragment; selection: Selection }) {
  const { t } = useAdminI18n();
  const label = t("orders.selectOne", { number: order.number });
  return <input type="checkbox" aria-label={label} checked={selection.has(order.id)} onChange={() => selection.toggle(order)} />;
}
