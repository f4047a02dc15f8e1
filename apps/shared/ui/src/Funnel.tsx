/** A funnel: how many reached each stage. A picture, and a table for who reads it. */
import { useId } from "react";
import { Table } from "./Table";
import { useI18n } from "./i18n";
import "./Funnel.css";

export interface Stage {
  name: string;
  count: number;
  /** Of those who were at the first stage, 0 to 1; null if there were none. */
  share: number | null;
  /** Of those who were at the stage before. */
  shareOfPrevious: number | null;
}

interface FunnelProps {
  title: string;
  stages: readonly Stage[];
  /** The headers of the table: stage, count, share, and share of the stage before. */
  headers: readonly [stage: string, count: string, share: string, shareOfPrevious: string];
}

const STEP = 64;
const BAR = 26;

export function Funnel({ title, stages, headers }: FunnelProps) {
  const titleId = useId();
  const { formats } = useI18n();
  const percent = (share: number | null): string => (share === null ? "–" : formats.percent(share));
  const columns = [
    { header: headers[0], cell: (stage: Stage) => stage.name },
    { header: headers[1], cell: (stage: Stage) => formats.number(stage.count), isNumber: true },
    { header: headers[2], cell: (stage: Stage) => percent(stage.share), isNumber: true },
    { header: headers[3], cell: (stage: Stage) => percent(stage.shareOfPrevious), isNumber: true },
  ];
  return (
    <figure className="funnel stack">
      <svg role="img" aria-labelledby={titleId} height={stages.length * STEP}>
        <title id={titleId}>{title}</title>
        {stages.map((stage, index) => (
          <g key={stage.name} transform={`translate(0 ${index * STEP})`}>
            <text className="funnel-name" x="0" y="16">
              {stage.name}
            </text>
            <text className="funnel-value" x="100%" y="16" textAnchor="end">
              {formats.number(stage.count)} · {percent(stage.share)}
            </text>
            <rect className="funnel-track" x="0" y="24" width="100%" height={BAR} rx="5" />
            <rect className="funnel-bar" x="0" y="24" width={`${(stage.share ?? 0) * 100}%`} height={BAR} rx="5" />
          </g>
        ))}
      </svg>
      <Table caption={title} columns={columns} rows={stages} keyOf={({ name }) => name} />
    </figure>
  );
}
