/** All experiments, newest first. */
import { useGraph } from "@petplus/client";
import { Badge, Table, type Column, type Tone } from "@petplus/ui";
import { Link } from "wouter";
import { AdminExperimentListDocument, type ExperimentRowFragment, type ExperimentStatus } from "../../gql";
import { useAdminI18n } from "../../i18n";
import { ChoiceFilter, Filters } from "../../list/Filters";
import { PAGE, PagedList } from "../../list/PagedList";
import { CURSOR, oneOf, useUrlFilter } from "../../useUrlFilter";

const STATUSES: readonly ExperimentStatus[] = ["DRAFT", "RUNNING", "STOPPED"];
const TONES: Readonly<Record<ExperimentStatus, Tone>> = { DRAFT: "plain", RUNNING: "good", STOPPED: "info" };

export function ExperimentsPage() {
  const { t } = useAdminI18n();
  const filter = useUrlFilter();
  const status = oneOf(filter.get("status"), STATUSES);
  const answer = useGraph(AdminExperimentListDocument, {
    filter: { ...(status && { status }) },
    first: PAGE,
    after: filter.get(CURSOR) || null,
  });
  return (
    <div className="stack">
      <title>{t("experiments.title")}</title>
      <h1>{t("experiments.title")}</h1>
      <Filters>
        <ChoiceFilter
          filter={filter}
          name="status"
          label={t("experiments.status")}
          any={t("list.any")}
          options={STATUSES.map((each) => [each, t(`experimentStatus.${each}`)] as const)}
        />
      </Filters>
      <PagedList
        title={t("experiments.title")}
        answer={answer}
        pageOf={({ experiments }) => experiments}
        filter={filter}
        countText={(count) => t("experiments.count", { count })}
        noneText={t("experiments.none")}
      >
        {(experiments) => <ExperimentTable experiments={experiments} />}
      </PagedList>
    </div>
  );
}

function ExperimentTable({ experiments }: { experiments: readonly ExperimentRowFragment[] }) {
  const { t, formats } = useAdminI18n();
  const columns: readonly Column<ExperimentRowFragment>[] = [
    { header: t("experiments.name"), cell: ({ id, name }) => <ExperimentLink id={id} name={name} /> },
    { header: t("experiments.key"), cell: ({ key }) => <code>{key}</code> },
    { header: t("experiments.status"), cell: ({ status }) => <ExperimentBadge status={status} /> },
    { header: t("experiments.variants"), cell: ({ variants }) => variants?.map(({ key }) => key).join(", ") ?? "–" },
    { header: t("experiments.started"), cell: ({ startedAt }) => (startedAt ? formats.date(startedAt) : "–") },
  ];
  return <Table caption={t("experiments.title")} columns={columns} rows={experiments} keyOf={({ id }) => id} />;
}

function ExperimentLink({ id, name }: { id: string; name: string }) {
  return <Link href={`/experiments/${id}`}>{name}</Link>;
}

export function ExperimentBadge({ status }: { status: ExperimentStatus }) {
  const { t } = useAdminI18n();
  return <Badge tone={TONES[status]}>{t(`experimentStatus.${status}`)}</Badge>;
}
