/** How many who design something come to order it, what that earns, and how many come again. */
import { useGraph } from "@petplus/client";
import { Empty, Funnel, Loaded, SelectField, Skeleton } from "@petplus/ui";
import { useState } from "react";
import { AdminFunnelDocument } from "../../gql";
import { useAdminI18n } from "../../i18n";
import { useUrlFilter } from "../../useUrlFilter";
import { Retention } from "./Retention";
import { Revenue } from "./Revenue";

const PERIODS = [7, 30, 90, 365] as const;
const DAY_MS = 86_400_000;

function day(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

export function AnalyticsPage() {
  const { t } = useAdminI18n();
  const filter = useUrlFilter();
  const days = PERIODS.find((each) => String(each) === filter.get("days")) ?? 90;
  const [tomorrow] = useState(() => new Date().setUTCHours(0, 0, 0, 0) + DAY_MS);
  const period = { from: day(tomorrow - days * DAY_MS), to: day(tomorrow) };
  const answer = useGraph(AdminFunnelDocument, period);
  return (
    <div className="stack">
      <title>{t("analytics.title")}</title>
      <h1>{t("analytics.title")}</h1>
      <div className="filters">
        <SelectField
          label={t("analytics.days")}
          value={String(days)}
          options={PERIODS.map((each) => [String(each), t("analytics.last", { count: each })] as const)}
          onChange={({ target }) => filter.set("days", target.value)}
        />
      </div>
      <Loaded answer={answer} skeleton={<Skeleton lines={5} height="3rem" />}>
        {({ reports }) => {
          const stages = reports?.builderFunnel.stages ?? [];
          if (!stages[0]?.subjects) return <Empty title={t("analytics.none")} />;
          return (
            <section className="card">
              <Funnel
                title={t("analytics.title")}
                headers={[t("analytics.stage"), t("analytics.people"), t("analytics.share"), t("analytics.shareOfPrevious")]}
                stages={stages.map(({ step, subjects, share, shareOfPrevious }) => ({
                  name: t(`step.${step}`),
                  count: subjects,
                  share,
                  shareOfPrevious,
                }))}
              />
            </section>
          );
        }}
      </Loaded>
      <Revenue {...period} />
      <Retention {...period} />
    </div>
  );
}
