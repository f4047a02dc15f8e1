/** The customer's orders, newest first. */
import { useGraph } from "@petplus/client";
import { Badge, Button, Empty, Loaded, Table, buttonClass, toneOfOrder, type Column } from "@petplus/ui";
import { useState } from "react";
import { Link } from "wouter";
import { WebAccountOrdersDocument, type WebAccountOrdersQuery } from "../../gql";
import { useShopI18n } from "../../i18n";

type Order = NonNullable<NonNullable<WebAccountOrdersQuery["me"]>["orders"]>["nodes"][number];

const PAGE = 20;

export function Orders() {
  const { t } = useShopI18n();
  const [first, setFirst] = useState(PAGE);
  const answer = useGraph(WebAccountOrdersDocument, { first, after: null });
  return (
    <Loaded answer={answer}>
      {({ me }) =>
        me?.orders?.nodes.length ? (
          <div className="stack">
            <OrderTable orders={me.orders.nodes} />
            {me.orders.pageInfo.hasNextPage && first < 100 && (
              <Button isBusy={answer.isStale} onClick={() => setFirst(Math.min(first + PAGE, 100))}>
                {t("account.more")}
              </Button>
            )}
          </div>
        ) : (
          <Empty title={t("account.noOrders")}>
            <Link href="/" className={buttonClass({ look: "primary" })}>
              {t("account.start")}
            </Link>
          </Empty>
        )
      }
    </Loaded>
  );
}

function OrderTable({ orders }: { orders: readonly Order[] }) {
  const { t, formats } = useShopI18n();
  const columns: readonly Column<Order>[] = [
    { header: t("track.number"), cell: ({ id, number }) => <OrderLink id={id} number={number} /> },
    { header: t("order.lines"), cell: ({ lines }) => lines.map(({ title }) => title).join(", ") },
    { header: t("order.history"), cell: ({ status }) => <Badge tone={toneOfOrder(status)}>{t(`status.${status}`)}</Badge> },
    { header: t("cart.total"), cell: ({ total }) => formats.money(total), isNumber: true },
  ];
  return <Table caption={t("account.orders")} columns={columns} rows={orders} keyOf={({ id }) => id} />;
}

function OrderLink({ id, number }: { id: string; number: string }) {
  return (
    <Link href={`/orders/${id}`} className="nowrap">
      {number}
    </Link>
  );
}
