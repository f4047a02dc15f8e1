/** The audit log, and the proof that nobody changed it. */
import { troubleOf, useAsk, useGraph } from "@petplus/client";
import { Button, useDebounced } from "@petplus/ui";
import { useState } from "react";
import { AdminAuditListDocument, AdminAuditVerifyDocument, type AdminAuditVerifyQuery, type AuditActorKind } from "../../gql";
import { useAdminI18n } from "../../i18n";
import { ChoiceFilter, DayFilter, Filters, TextFilter } from "../../list/Filters";
import { PAGE, PagedList } from "../../list/PagedList";
import { CURSOR, dayStart, oneOf, useUrlFilter } from "../../useUrlFilter";
import { AuditTable } from "./AuditTable";

const KINDS: readonly AuditActorKind[] = ["USER", "SYSTEM"];
const TYPES = ["Order", "User", "Design", "Preset", "Cart", "Experiment", "Export", "WebhookDelivery"] as const;

export function AuditPage() {
  const { t } = useAdminI18n();
  const filter = useUrlFilter();
  const actions = useDebounced(filter.get("action").trim());
  const subjectId = useDebounced(filter.get("subject").trim());
  const actorKind = oneOf(filter.get("actor"), KINDS);
  const subjectType = oneOf(filter.get("type"), TYPES);
  const atFrom = dayStart(filter.get("from"));
  const atBefore = dayStart(filter.get("to"), 1);
  const answer = useGraph(AdminAuditListDocument, {
    filter: {
      ...(actions && { actions: [actions] }),
      ...(subjectId && { subjectId }),
      ...(actorKind && { actorKind }),
      ...(subjectType && { subjectType }),
      ...(atFrom && { atFrom }),
      ...(atBefore && { atBefore }),
    },
    first: PAGE,
    after: filter.get(CURSOR) || null,
  });
  return (
    <div className="stack">
      <title>{t("audit.title")}</title>
      <h1>{t("audit.title")}</h1>
      <Verification />
      <Filters>
        <TextFilter filter={filter} name="action" label={t("audit.action")} example="order.cancelled" />
        <TextFilter filter={filter} name="subject" label={t("audit.subjectId")} />
        <ChoiceFilter
          filter={filter}
          name="type"
          label={t("audit.subject")}
          any={t("list.any")}
          options={TYPES.map((each) => [each, each] as const)}
        />
        <ChoiceFilter
          filter={filter}
          name="actor"
          label={t("audit.actor")}
          any={t("list.any")}
          options={KINDS.map((each) => [each, t(`auditActor.${each}`)] as const)}
        />
        <DayFilter filter={filter} name="from" label={t("list.from")} />
        <DayFilter filter={filter} name="to" label={t("list.to")} />
      </Filters>
      <PagedList
        title={t("audit.title")}
        answer={answer}
        pageOf={({ auditEntries }) => auditEntries}
        filter={filter}
        countText={(count) => t("audit.count", { count })}
        noneText={t("audit.noneFits")}
      >
        {(entries) => <AuditTable entries={entries} caption={t("audit.title")} />}
      </PagedList>
    </div>
  );
}

type Found = NonNullable<AdminAuditVerifyQuery["auditVerify"]>;

/** Verifies the whole log, part by part: the graph reads at most 100,000 entries at once. */
function Verification() {
  const { t } = useAdminI18n();
  const ask = useAsk(AdminAuditVerifyDocument);
  const [isBusy, setBusy] = useState(false);
  const [total, setTotal] = useState(0);
  const [found, setFound] = useState<Found | null>(null);
  const [failure, setFailure] = useState<string>();

  async function verify(from: number | null, before: number): Promise<void> {
    setBusy(true);
    setFailure(undefined);
    try {
      const { auditVerify } = await ask({ from });
      if (auditVerify === null) return;
      setFound(auditVerify);
      setTotal(before + auditVerify.checked);
    } catch (error) {
      setFailure(t(`ui.trouble.${troubleOf(error)}`));
    } finally {
      setBusy(false);
    }
  }

  const isPart = found !== null && found.intact && !found.complete;
  return (
    <section className="card stack" aria-labelledby="verification">
      <h2 id="verification">{t("audit.verification")}</h2>
      <p className="muted">{t("audit.verificationHint")}</p>
      <p role="status">{failure ?? (found && <Verdict found={found} total={total} />)}</p>
      <div>
        <Button isBusy={isBusy} onClick={() => void (isPart ? verify(found.checkedTo + 1, total) : verify(null, 0))}>
          {t(isPart ? "audit.verifyMore" : "audit.verify")}
        </Button>
      </div>
    </section>
  );
}

function Verdict({ found, total }: { found: Found; total: number }) {
  const { t, formats } = useAdminI18n();
  const { firstBroken } = found;
  if (firstBroken !== null) {
    const sequence = formats.number(firstBroken.sequence);
    return <strong className="field-error">{t("audit.broken", { sequence, damage: t(`damage.${firstBroken.damage}`) })}</strong>;
  }
  return t(found.complete ? "audit.intact" : "audit.intactSoFar", { count: total });
}
