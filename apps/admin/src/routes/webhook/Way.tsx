/** The way of a delivery as it is drawn: five steps, each with its time, and how long it is since the one before. */
import { useFollow } from "@petplus/client";
import { useState } from "react";
import { AdminDeliveryPushesDocument, type DeliveryDetailFragment } from "../../gql";
import { useAdminI18n } from "../../i18n";
import { recordedAt, wayOf, type Step } from "./way";
import "./Way.css";

type Pushes = ReadonlyMap<number, string>;

export function Way({ delivery }: { delivery: DeliveryDetailFragment }) {
  const { t, formats } = useAdminI18n();
  const [opened] = useState(Date.now);
  const pushes = usePushes(delivery);
  return (
    <section className="card stack" aria-labelledby="way">
      <h2 id="way">{t("way.title")}</h2>
      <ol className="way">
        {wayOf(delivery, pushes).map((step) => {
          // What happened before the page was opened was pushed to others then, and to this page late.
          const isLate = step.name === "push" && step.at !== null && Date.parse(step.at) - (step.sinceMs ?? 0) < opened;
          return (
            <li key={step.name} className={`way-step way-${step.progress}`}>
              <strong>{t(`way.${step.name}`)}</strong>
              <span className="hidden">{t(`progress.${step.progress}`)}</span>
              <span className="small">
                <Details step={step} delivery={delivery} />
              </span>
              {step.at && (
                <time className="small number" dateTime={step.at}>
                  {formats.exact(step.at)}
                </time>
              )}
              {isLate ? (
                <span className="small muted">{t("way.late")}</span>
              ) : (
                step.sinceMs !== null && <span className="small muted">+ {formats.duration(step.sinceMs)}</span>
              )}
            </li>
          );
        })}
      </ol>
    </section>
  );
}

/** Follows the order from before the first change that the delivery caused until this page has a frame of each. */
function usePushes({ order, timeline }: DeliveryDetailFragment): Pushes {
  const [pushes, setPushes] = useState<Pushes>(new Map());
  const versions = (timeline ?? []).map(({ version }) => version);
  const isDone = versions.every((version) => pushes.has(version));
  const variables = { orderId: order?.id ?? "", afterVersion: Math.max(0, Math.min(...versions) - 1) };
  useFollow(
    AdminDeliveryPushesDocument,
    variables,
    ({ orderStatusChanged: { version, pushedAt } }) => setPushes((before) => new Map(before).set(version, pushedAt)),
    { pause: order === null || isDone },
  );
  return pushes;
}

function Details({ step: { name, progress }, delivery }: { step: Step; delivery: DeliveryDetailFragment }) {
  const { t, formats } = useAdminI18n();
  const timeline = delivery.timeline ?? [];
  switch (name) {
    case "signature":
      return t(`verdict.${delivery.verdict}`);
    case "stored":
      return t(delivery.storedAt ? "way.isStored" : "way.isStoredSometime");
    case "event":
      if (progress === "done" && delivery.events.length > 0) {
        return delivery.events.map(({ eventId, type }) => (
          <code key={eventId} className="way-event" title={eventId}>
            {type}
          </code>
        ));
      }
      return t(progress === "done" ? "way.noEvent" : `application.${delivery.state}`);
    case "change":
      if (timeline.length === 0) return t(progress === "waiting" ? "way.noChangeYet" : "way.noChange");
      return timeline.map((entry) => (
        <span key={entry.id} className="way-change" title={formats.exact(recordedAt(entry))}>
          {t("way.changed", { status: t(`status.${entry.status}`), version: entry.version })}
        </span>
      ));
    case "push":
      return t(progress === "done" ? "way.isPushed" : progress === "waiting" ? "way.noPushYet" : "way.noPush");
  }
}
