/** How many of those who came first in a week came again in each week after: a table whose cells are shaded by the share. */
import { useGraph } from "@petplus/client";
import { Loaded, Skeleton } from "@petplus/ui";
import type { CSSProperties } from "react";
import { AdminRetentionDocument, type AdminRetentionQuery } from "../../gql";
import { useAdminI18n } from "../../i18n";
import "./Trends.css";

type Cohort = NonNullable<AdminRetentionQuery["reports"]>["cohortRetention"][number];
type Week = Cohort["weeks"][number];

const WEEK_MS = 7 * 86_400_000;

/** The weeks of a cohort by how many weeks they are after its first. */
export function byAge({ week: first, weeks }: Cohort): ReadonlyMap<number, Week> {
  return new Map(weeks.map((each) => [Math.round((Date.parse(each.week) - Date.parse(first)) / WEEK_MS), each]));
}

export function Retention({ from, to }: { from: string; to: string }) {
  const { t } = useAdminI18n();
  const answer = useGraph(AdminRetentionDocument, { from, to });
  return (
    <section className="card stack" aria-labelledby="retention">
      <h2 id="retention">{t("analytics.retention")}</h2>
      <p className="muted small">{t("analytics.retentionHint")}</p>
      <Loaded answer={answer} skeleton={<Skeleton lines={4} height="2rem" />}>
        {({ reports }) => {
          const cohorts = reports?.cohortRetention.filter(({ subjects }) => subjects > 0) ?? [];
          if (cohorts.length === 0) return <p className="muted">{t("analytics.noRetention")}</p>;
          return <Cohorts cohorts={cohorts} />;
        }}
      </Loaded>
    </section>
  );
}

function Cohorts({ cohorts }: { cohorts: readonly Cohort[] }) {
  const { t, formats } = useAdminI18n();
  const rows = cohorts.map((cohort) => ({ ...cohort, ages: byAge(cohort) }));
  const oldest = Math.max(...rows.flatMap(({ ages }) => [...ages.keys()]), 0);
  const ages = Array.from({ length: oldest + 1 }, (_, age) => age);
  return (
    // It is wider than a telephone, and so scrolls on its own, by keys too.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className="cohorts" role="group" tabIndex={0} aria-label={t("analytics.retention")}>
      <table>
        <caption className="hidden">{t("analytics.retention")}</caption>
        <thead>
          <tr>
            <th scope="col">{t("analytics.week")}</th>
            <th scope="col">{t("analytics.people")}</th>
            {ages.map((age) => (
              <th key={age} scope="col">
                {t("analytics.weekNumber", { number: age })}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ week, subjects, ages: found }) => (
            <tr key={week}>
              <th scope="row">{formats.day(week)}</th>
              <td>{formats.number(subjects)}</td>
              {ages.map((age) => {
                const each = found.get(age);
                return (
                  <td key={age} style={{ "--share": each?.share ?? 0 } as CSSProperties}>
                    {each ? formats.percent(each.share) : ""}
                    {each && !each.isFinished && <abbr title={t("analytics.unfinished")}> …</abbr>}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
