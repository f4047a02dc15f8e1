/** The rates of variants with their intervals: a picture, and a table with the numbers and the comparisons. */
import { Table, type Column } from "@petplus/ui";
import { useId } from "react";
import type { AdminExperimentResultQuery } from "../../gql";
import { useAdminI18n } from "../../i18n";
import "./Intervals.css";

type Report = NonNullable<NonNullable<AdminExperimentResultQuery["reports"]>["conversionRate"]>;
export type Group = Report["groups"][number];

const ROW = 56;

/** Where the axis ends: a round share above every interval. */
export function axisEnd(groups: readonly Group[]): number {
  const highest = Math.max(0, ...groups.map(({ interval }) => interval?.high ?? 0));
  return Math.min(1, Math.ceil(highest * 20 + 0.001) / 20);
}

export function Intervals({ groups }: { groups: readonly Group[] }) {
  const { t, formats } = useAdminI18n();
  const titleId = useId();
  const end = axisEnd(groups);
  const at = (share: number): string => `${(share / end) * 100}%`;
  const signed = (share: number): string => `${share > 0 ? "+" : ""}${formats.percent(share)}`;
  const columns: readonly Column<Group>[] = [
    { header: t("experiments.variant"), cell: ({ variant }) => variant ?? "–" },
    { header: t("experiments.subjects"), cell: ({ subjects }) => formats.number(subjects), isNumber: true },
    { header: t("experiments.converted"), cell: ({ converted }) => formats.number(converted), isNumber: true },
    { header: t("experiments.rate"), cell: ({ rate }) => (rate === null ? "–" : formats.percent(rate)), isNumber: true },
    {
      header: t("experiments.interval"),
      cell: ({ interval }) => (interval ? `${formats.percent(interval.low)} – ${formats.percent(interval.high)}` : "–"),
      isNumber: true,
    },
    {
      header: t("experiments.uplift"),
      cell: ({ comparison }) =>
        comparison
          ? `${signed(comparison.uplift)} (${signed(comparison.sequentialInterval.low)} … ${signed(comparison.sequentialInterval.high)})`
          : "–",
      isNumber: true,
    },
    {
      header: t("experiments.certainty"),
      cell: ({ comparison }) => (comparison ? formats.decimal(comparison.sequentialPValue) : t("experiments.control")),
      isNumber: true,
    },
  ];
  return (
    <figure className="intervals stack">
      <svg role="img" aria-labelledby={titleId} height={groups.length * ROW + 24}>
        <title id={titleId}>{t("experiments.rates")}</title>
        {groups.map(({ variant, rate, interval }, index) => (
          <g key={variant} transform={`translate(0 ${index * ROW})`}>
            <text className="intervals-name" x="0" y="16">
              {variant}
            </text>
            <rect className="intervals-track" x="0" y="30" width="100%" height="8" rx="4" />
            {interval && (
              <rect className="intervals-bar" x={at(interval.low)} y="30" width={at(interval.high - interval.low)} height="8" rx="4" />
            )}
            {rate !== null && <circle className="intervals-rate" cx={at(rate)} cy="34" r="6" />}
          </g>
        ))}
        <text className="intervals-axis" x="0" y={groups.length * ROW + 14}>
          {formats.percent(0)}
        </text>
        <text className="intervals-axis" x="100%" y={groups.length * ROW + 14} textAnchor="end">
          {formats.percent(end)}
        </text>
      </svg>
      <Table caption={t("experiments.rates")} columns={columns} rows={groups} keyOf={({ variant }) => variant ?? ""} />
      <figcaption className="muted small">{t("experiments.sequential")}</figcaption>
    </figure>
  );
}
