/** A list by cursor, in each of its states: on its way, failed, empty, and one page of it. */
import type { Answer } from "@petplus/client";
import { Button, Empty, Loaded, Skeleton } from "@petplus/ui";
import type { ReactNode } from "react";
import { useAdminI18n } from "../i18n";
import type { UrlFilter } from "../useUrlFilter";
import { Pager } from "./Pager";

export const PAGE = 25;

/** What all connections of the graph have. */
export interface Page<Row> {
  nodes: readonly Row[];
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
  totalCount: number;
}

interface PagedListProps<Result, Row> {
  title: string;
  answer: Answer<Result>;
  /** The list in an answer; null where the viewer may not see it. */
  pageOf: (data: Result) => Page<Row> | null;
  filter: UrlFilter;
  /** How many there are, in words. */
  countText: (count: number) => string;
  noneText: string;
  children: (rows: readonly Row[]) => ReactNode;
}

export function PagedList<Result, Row>({ title, answer, pageOf, filter, countText, noneText, children }: PagedListProps<Result, Row>) {
  const { t } = useAdminI18n();
  return (
    <Loaded answer={answer} skeleton={<Skeleton lines={8} height="2rem" />}>
      {(data) => {
        const page = pageOf(data);
        if (!page?.nodes.length) {
          return (
            <Empty title={noneText}>
              {filter.isSet && <Button onClick={filter.reset}>{t("list.reset")}</Button>}
            </Empty>
          );
        }
        return (
          <div className="stack">
            {children(page.nodes)}
            <Pager title={title} page={page} count={countText(page.totalCount)} filter={filter} />
          </div>
        );
      }}
    </Loaded>
  );
}
