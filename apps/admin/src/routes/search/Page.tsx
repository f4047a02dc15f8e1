/** One field that finds orders, users, designs and deliveries, by words or by an id. */
import { useGraph, type Answer } from "@petplus/client";
import { Empty, Loaded, Skeleton, TextField, useDebounced } from "@petplus/ui";
import { useEffect, useRef } from "react";
import { useCan } from "../../access";
import { AdminSearchPageDocument, type AdminSearchPageQuery } from "../../gql";
import { useAdminI18n } from "../../i18n";
import { useUrlFilter } from "../../useUrlFilter";
import { Found } from "./Found";
import { PARTS, type Part } from "./parts";
import { useArrowKeys } from "./useArrowKeys";
import "./Page.css";

/** Of each part. */
const FIRST = 5;
/** One character is the beginning of almost everything. */
const SHORTEST = 2;
/** As much as the graph takes. */
const LONGEST = 100;

export function SearchPage() {
  const { t } = useAdminI18n();
  const filter = useUrlFilter();
  const typed = filter.get("text");
  const text = useDebounced(typed.trim());
  const page = useRef<HTMLDivElement>(null);
  const field = useRef<HTMLInputElement>(null);
  const isLongEnough = text.length >= SHORTEST;
  const answer = useGraph(AdminSearchPageDocument, { text, first: FIRST }, { pause: !isLongEnough });
  useEffect(() => field.current?.focus(), []);
  useArrowKeys(page);
  return (
    <div className="stack" ref={page}>
      <title>{t("search.title")}</title>
      <h1>{t("search.title")}</h1>
      <form className="search-form" role="search" onSubmit={(event) => event.preventDefault()}>
        <TextField
          ref={field}
          label={t("search.label")}
          hint={t("search.hint")}
          type="search"
          autoComplete="off"
          maxLength={LONGEST}
          value={typed}
          onChange={({ target }) => filter.set("text", target.value)}
        />
      </form>
      {isLongEnough ? <Results text={text} answer={answer} /> : <p role="status">{text !== "" && t("search.tooShort")}</p>}
    </div>
  );
}

function Results({ text, answer }: { text: string; answer: Answer<AdminSearchPageQuery> }) {
  const { t } = useAdminI18n();
  const can = useCan();
  // Parts that the role may not see are absent; one that a part of the shop did not answer says so.
  const parts = PARTS.filter(({ scope }) => can(scope));
  return (
    <Loaded answer={answer} skeleton={<Skeleton lines={5} height="3rem" />}>
      {(data) => {
        const count = parts.reduce((sum, { name }) => sum + (data[name]?.nodes.length ?? 0), 0);
        const shown = parts.filter(({ name }) => data[name] === null || data[name].nodes.length > 0);
        if (shown.length === 0) return <Nothing text={text} />;
        return (
          <>
            <p role="status" className="muted">
              {t(hasMore(data, parts) ? "search.countAndMore" : "search.count", { count })}
            </p>
            {shown.map(({ name }) => (
              <Found key={name} name={name} text={text} data={data} error={answer.error} onRetry={answer.refetch} />
            ))}
          </>
        );
      }}
    </Loaded>
  );
}

function hasMore(data: AdminSearchPageQuery, parts: readonly Part[]): boolean {
  return parts.some(({ name }) => data[name]?.pageInfo.hasNextPage);
}

function Nothing({ text }: { text: string }) {
  const { t } = useAdminI18n();
  return (
    <div role="status">
      <Empty title={t("search.none", { text })}>
        <p>{t("search.noneHint")}</p>
      </Empty>
    </div>
  );
}
