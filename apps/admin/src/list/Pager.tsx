/** The foot of a list that has pages: how many there are in all, and the way to the next. */
import { Button } from "@petplus/ui";
import { useAdminI18n } from "../i18n";
import { CURSOR, type UrlFilter } from "../useUrlFilter";
import type { Page } from "./PagedList";

interface PagerProps {
  title: string;
  page: Page<unknown>;
  count: string;
  filter: UrlFilter;
}

export function Pager({ title, page: { pageInfo }, count, filter }: PagerProps) {
  const { t } = useAdminI18n();
  return (
    <nav className="row apart" aria-label={title}>
      <span className="muted">{count}</span>
      <span className="row">
        {filter.get(CURSOR) && <Button onClick={() => filter.set(CURSOR, "")}>{t("list.first")}</Button>}
        {pageInfo.hasNextPage && (
          <Button onClick={() => filter.set(CURSOR, pageInfo.endCursor ?? "")}>{t("list.next")}</Button>
        )}
      </span>
    </nav>
  );
}
