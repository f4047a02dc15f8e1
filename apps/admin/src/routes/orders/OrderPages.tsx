/**
 * Orders as rows of one long table. They come page by page as the reader scrolls, each page by the cursor of the one
 * before. Only the pages near the window have rows and ask for them; another is one empty row of its height. So ten
 * thousand orders are some hundred rows in the browser, however high each is.
 */
import { useGraph } from "@petplus/client";
import { Button, Empty, ErrorPanel, Skeleton, TableFrame, TableRow, type Column } from "@petplus/ui";
import { useEffect, useRef, useState } from "react";
import { AdminOrderListDocument, type OrderFilter, type OrderRowFragment, type OrderSort } from "../../gql";
import { useAdminI18n } from "../../i18n";
import { useInView } from "./useInView";
import { useOrderColumns } from "./useOrderColumns";
import type { Selection } from "./useSelection";

const PAGE = 50;

interface Wanted {
  filter: OrderFilter;
  sort: OrderSort;
  /** The versions of orders that have just changed. */
  fresh: ReadonlyMap<string, number>;
  /** Increases when other orders may belong to the list. */
  revision: number;
}

interface OrderPagesProps extends Wanted {
  selection: Selection | null;
  onReset: () => void;
}

/** What is known of a page once it has come. */
interface Known {
  total: number;
  /** The cursor of the next page; null after the last. */
  next: string | null;
}

export function OrderPages({ selection, onReset, ...wanted }: OrderPagesProps) {
  const { t } = useAdminI18n();
  const columns = useOrderColumns(selection);
  const [known, setKnown] = useState<readonly Known[]>([]);
  const [count, setCount] = useState(1);
  const end = useRef<HTMLDivElement>(null);
  const { isInView: isAtEnd } = useInView(end, false);
  const next = known[count - 1]?.next ?? null;
  if (isAtEnd && next !== null) setCount(count + 1);

  function learn(index: number, page: Known): void {
    setKnown((before) => before.toSpliced(index, 1, page));
  }

  const total = known[0]?.total;
  if (total === 0) {
    return (
      <Empty title={t("orders.none")}>
        <Button onClick={onReset}>{t("list.reset")}</Button>
      </Empty>
    );
  }
  const isComplete = known.length === count && next === null;
  return (
    <div className="stack">
      <p className="muted">{total !== undefined && t("orders.count", { count: total })}</p>
      <TableFrame caption={t("orders.title")} columns={columns} {...(total !== undefined && { count: total })}>
        {Array.from({ length: count }, (_, index) => (
          <OrderPage
            key={index}
            {...wanted}
            columns={columns}
            after={known[index - 1]?.next ?? null}
            place={index * PAGE}
            isKnown={known[index] !== undefined}
            onKnown={(page) => learn(index, page)}
          />
        ))}
      </TableFrame>
      <div ref={end} className="muted">
        {isComplete && t("orders.end")}
      </div>
    </div>
  );
}

interface OrderPageProps extends Wanted {
  columns: readonly Column<OrderRowFragment>[];
  after: string | null;
  place: number;
  isKnown: boolean;
  onKnown: (page: Known) => void;
}

function OrderPage({ filter, sort, fresh, revision, columns, after, place, isKnown, onKnown }: OrderPageProps) {
  const body = useRef<HTMLTableSectionElement>(null);
  const { isInView, height } = useInView(body, true);
  const pause = isKnown && !isInView;
  const { data, error, refetch } = useGraph(AdminOrderListDocument, { filter, sort, first: PAGE, after }, { pause });
  const page = data?.orders;
  const latest = useRef({ onKnown, refetch });
  useEffect(() => {
    latest.current = { onKnown, refetch };
  });
  useEffect(() => {
    if (!page) return;
    const { hasNextPage, endCursor } = page.pageInfo;
    latest.current.onKnown({ total: page.totalCount, next: hasNextPage ? endCursor : null });
  }, [page]);
  useEffect(() => {
    // A page that is not in view asks anew when it comes into view.
    if (revision > 0) latest.current.refetch();
  }, [revision]);

  if (!isInView && page) {
    return (
      <tbody ref={body} aria-hidden>
        <tr style={{ height }}>
          <td colSpan={columns.length}>{"\u00a0"}</td>
        </tr>
      </tbody>
    );
  }
  return (
    <tbody ref={body}>
      {page ? (
        page.nodes.map((order, index) => (
          <TableRow
            key={order.id}
            columns={columns}
            row={order}
            isFresh={fresh.get(order.id) === order.version}
            place={place + index}
          />
        ))
      ) : (
        <tr>
          <td colSpan={columns.length}>{error ? <ErrorPanel error={error} onRetry={refetch} /> : <Skeleton lines={8} height="2rem" />}</td>
        </tr>
      )}
    </tbody>
  );
}
