/** One experiment: what it compares, how sure the result is, and its start and end. */
import { useAct, useGraph } from "@petplus/client";
import { Button, Dialog, ErrorPanel, Loaded, SelectField, Skeleton } from "@petplus/ui";
import { useState } from "react";
import { Link } from "wouter";
import { useCan } from "../../access";
import {
  AdminExperimentPageDocument,
  AdminExperimentResultDocument,
  AdminExperimentStartDocument,
  AdminExperimentStopDocument,
  type ExperimentRowFragment,
  type FunnelStep,
} from "../../gql";
import { useAdminI18n } from "../../i18n";
import { useResult } from "../../useResult";
import { oneOf, useUrlFilter } from "../../useUrlFilter";
import { ExperimentBadge } from "../experiments/Page";
import { DraftButton } from "./DraftDialog";
import { Intervals } from "./Intervals";

const GOALS: readonly FunnelStep[] = ["ORDER_CREATED", "CHECKOUT_STARTED", "ADD_TO_CART", "DESIGN_CREATED", "CONFIG_CHANGED"];

export function ExperimentPage({ id }: { id: string }) {
  const answer = useGraph(AdminExperimentPageDocument, { id });
  return (
    <Loaded answer={answer} skeleton={<Skeleton lines={4} height="5rem" />}>
      {({ experiment }) =>
        experiment ? (
          <Experiment experiment={experiment} onChange={answer.refetch} />
        ) : (
          <ErrorPanel error={answer.error} onRetry={answer.refetch} />
        )
      }
    </Loaded>
  );
}

function Experiment({ experiment, onChange }: { experiment: ExperimentRowFragment; onChange: () => void }) {
  const { t, formats } = useAdminI18n();
  const can = useCan();
  const { name, key, status, hypothesis, coverage, startedAt, stoppedAt } = experiment;
  const facts = [
    [t("experiments.key"), key],
    [t("experiments.variants"), experiment.variants?.map((each) => `${each.key} ${formats.percent(each.weight)}`).join(", ")],
    [t("experiments.coverage"), coverage === null ? null : formats.percent(coverage)],
    [t("experiments.started"), startedAt && formats.dateTime(startedAt)],
    [t("experiments.stopped"), stoppedAt && formats.dateTime(stoppedAt)],
  ].filter(([, value]) => value);
  return (
    <article className="stack">
      <title>{name}</title>
      <Link href="/experiments">← {t("experiments.back")}</Link>
      <header className="row">
        <h1>{name}</h1>
        <span role="status">
          <ExperimentBadge status={status} />
        </span>
      </header>
      {hypothesis && <p>{hypothesis}</p>}
      <section className="card stack" aria-label={t("experiments.setUp")}>
        <dl className="pairs">
          {facts.map(([term, value]) => (
            <div key={term}>
              <dt className="muted">{term}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
        {can("analytics:write") && status === "DRAFT" && <DraftButton experiment={experiment} onStale={onChange} />}
        {can("analytics:write") && <Lifecycle experiment={experiment} onStale={onChange} />}
      </section>
      {status !== "DRAFT" && <Result id={experiment.id} />}
    </article>
  );
}

function Lifecycle({ experiment: { id, version, status }, onStale }: { experiment: ExperimentRowFragment; onStale: () => void }) {
  const { t } = useAdminI18n();
  const start = useAct(AdminExperimentStartDocument);
  const stop = useAct(AdminExperimentStopDocument);
  const { isBusy, send } = useResult();
  const [isAsked, setAsked] = useState(false);
  if (status === "STOPPED" || version === null) return null;
  const input = { id, version };
  const isDraft = status === "DRAFT";

  async function change(): Promise<void> {
    setAsked(false);
    const done = isDraft
      ? await send(async () => (await start({ input })).experimentStart, t("experiments.isStarted"))
      : await send(async () => (await stop({ input })).experimentStop, t("experiments.isStopped"));
    if (done === null) onStale();
  }

  const action = t(isDraft ? "experiments.start" : "experiments.stop");
  return (
    <div>
      <Button look={isDraft ? "primary" : "danger"} isSmall isBusy={isBusy} onClick={() => setAsked(true)}>
        {action}
      </Button>
      {isAsked && (
        <Dialog title={action} onClose={() => setAsked(false)}>
          <p>{t(isDraft ? "experiments.startSure" : "experiments.stopSure")}</p>
          <div className="row">
            <Button look={isDraft ? "primary" : "danger"} onClick={() => void change()}>
              {action}
            </Button>
            <Button onClick={() => setAsked(false)}>{t("ui.cancel")}</Button>
          </div>
        </Dialog>
      )}
    </div>
  );
}

function Result({ id }: { id: string }) {
  const { t, formats } = useAdminI18n();
  const filter = useUrlFilter();
  const goal = oneOf(filter.get("goal"), GOALS) ?? "ORDER_CREATED";
  const answer = useGraph(AdminExperimentResultDocument, { id, goal });
  return (
    <section className="card stack" aria-labelledby="result">
      <h2 id="result">{t("experiments.result")}</h2>
      <div className="filters">
        <SelectField
          label={t("experiments.goal")}
          value={goal}
          options={GOALS.map((each) => [each, t(`step.${each}`)] as const)}
          onChange={({ target }) => filter.set("goal", target.value)}
        />
      </div>
      <Loaded answer={answer} skeleton={<Skeleton lines={3} height="4rem" />}>
        {({ reports }) => {
          const { groups = [], sampleRatio = null } = reports?.conversionRate ?? {};
          if (!groups.some(({ subjects }) => subjects > 0)) return <p className="muted">{t("experiments.nobody")}</p>;
          return (
            <div className="stack">
              {sampleRatio?.mismatch && (
                <div className="state state-bad" role="alert">
                  <p>
                    <strong>{t("experiments.mismatch")}</strong>
                  </p>
                  <p>{t("experiments.mismatchHint", { p: formats.percent(sampleRatio.pValue) })}</p>
                </div>
              )}
              <Intervals groups={groups} />
            </div>
          );
        }}
      </Loaded>
    </section>
  );
}
