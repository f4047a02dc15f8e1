/** Events as files: a new one, its progress as it is written, and the ones that there are. */
import { isProblem, useAct, useFollow, useGraph } from "@petplus/client";
import { Badge, Button, ButtonLink, Failure, SelectField, Table, TextField, useForm, useToast, type Column, type Tone } from "@petplus/ui";
import { useState } from "react";
import {
  AdminExportStartDocument,
  AdminExportListDocument,
  AdminExportFollowDocument,
  type ExportFormat,
  type ExportRowFragment,
  type ExportState,
} from "../../gql";
import { useAdminI18n } from "../../i18n";
import { PAGE, PagedList } from "../../list/PagedList";
import { CURSOR, dayStart, useUrlFilter } from "../../useUrlFilter";
import "./Page.css";

const FORMATS: readonly ExportFormat[] = ["CSV", "CSV_EXCEL", "NDJSON", "PARQUET"];
const TONES: Readonly<Record<ExportState, Tone>> = { QUEUED: "plain", RUNNING: "info", DONE: "good", FAILED: "bad", EXPIRED: "plain" };

export function ExportsPage() {
  const { t } = useAdminI18n();
  const filter = useUrlFilter();
  const answer = useGraph(AdminExportListDocument, { first: PAGE, after: filter.get(CURSOR) || null });
  // One stream a page: of several that are being written, the oldest is followed, and then the next.
  const running = answer.data?.exports?.nodes.findLast(({ state }) => state === "RUNNING" || state === "QUEUED");
  useFollow(AdminExportFollowDocument, { id: running?.id ?? "" }, () => undefined, { pause: running === undefined });
  return (
    <div className="stack">
      <title>{t("exports.title")}</title>
      <h1>{t("exports.title")}</h1>
      <NewExport onMade={answer.refetch} />
      <PagedList
        title={t("exports.title")}
        answer={answer}
        pageOf={({ exports }) => exports}
        filter={filter}
        countText={(count) => t("exports.count", { count })}
        noneText={t("exports.none")}
      >
        {(exports) => <ExportTable exports={exports} />}
      </PagedList>
    </div>
  );
}

function NewExport({ onMade }: { onMade: () => void }) {
  const { t } = useAdminI18n();
  const make = useAct(AdminExportStartDocument);
  const tell = useToast();
  const [idempotencyKey, setKey] = useState(() => crypto.randomUUID());
  const form = useForm(
    async ({ format, from = "", to = "", name = "" }) => {
      const [since, until] = [dayStart(from), dayStart(to, 1)];
      const wanted = { ...(since && { since }), ...(until && { until }), ...(name && { name }) };
      const { exportCreate } = await make({ input: { format: format as ExportFormat, filter: wanted, idempotencyKey } });
      if (!isProblem(exportCreate)) setKey(crypto.randomUUID());
      return exportCreate;
    },
    () => {
      tell(t("exports.made"));
      onMade();
    },
  );
  return (
    <form className="card stack" onSubmit={form.onSubmit} aria-label={t("exports.new")}>
      <div className="filters">
        <SelectField label={t("exports.format")} name="format" options={FORMATS.map((each) => [each, t(`format.${each}`)] as const)} />
        <TextField label={t("exports.event")} placeholder="order.created" name="name" error={form.errorOf("filter.name")} />
        <TextField label={t("list.from")} name="from" type="date" error={form.errorOf("filter.since")} />
        <TextField label={t("list.to")} name="to" type="date" error={form.errorOf("filter.until")} />
      </div>
      <Failure text={form.failure} />
      <div>
        <Button type="submit" look="primary" isBusy={form.isBusy}>
          {t("exports.make")}
        </Button>
      </div>
    </form>
  );
}

function ExportTable({ exports }: { exports: readonly ExportRowFragment[] }) {
  const { t, formats } = useAdminI18n();
  const columns: readonly Column<ExportRowFragment>[] = [
    { header: t("exports.requested"), cell: ({ createdAt }) => formats.dateTime(createdAt) },
    { header: t("exports.by"), cell: ({ createdBy }) => createdBy?.name ?? "–" },
    { header: t("exports.format"), cell: ({ format }) => t(`format.${format}`) },
    { header: t("exports.state"), cell: (each) => <State of={each} /> },
    { header: t("exports.rows"), cell: ({ rows }) => formats.number(rows), isNumber: true },
    { header: t("exports.size"), cell: ({ bytes }) => formats.bytes(bytes), isNumber: true },
    { header: t("exports.file"), cell: (each) => <File of={each} /> },
  ];
  return <Table caption={t("exports.title")} columns={columns} rows={exports} keyOf={({ id }) => id} />;
}

function State({ of: { state, progress } }: { of: ExportRowFragment }) {
  const { t, formats } = useAdminI18n();
  return (
    <span className="export-state">
      <Badge tone={TONES[state]}>{t(`exportState.${state}`)}</Badge>
      {state === "RUNNING" && (
        <>
          <progress max={1} value={progress} aria-label={t("exports.progress")} />
          <span className="number">{formats.percent(progress)}</span>
        </>
      )}
    </span>
  );
}

function File({ of: { downloadUrl, expiresAt } }: { of: ExportRowFragment }) {
  const { t, formats } = useAdminI18n();
  if (downloadUrl === null) return "–";
  return (
    <ButtonLink isSmall href={downloadUrl} download title={t("exports.until", { date: formats.dateTime(expiresAt) })}>
      {t("exports.download")}
    </ButtonLink>
  );
}
