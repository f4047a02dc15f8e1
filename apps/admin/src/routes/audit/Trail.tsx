/** What was done with one object, on the object's own page. */
import { useGraph, type Answer } from "@petplus/client";
import { Loaded } from "@petplus/ui";
import { Link } from "wouter";
import { AdminOrderAuditDocument, AdminUserAuditDocument, type AuditPageFragment } from "../../gql";
import { useAdminI18n } from "../../i18n";
import { AuditTable } from "./AuditTable";

const ENTRIES = 10;

export function OrderTrail({ id }: { id: string }) {
  const answer = useGraph(AdminOrderAuditDocument, { id, first: ENTRIES });
  return <Trail id={id} answer={answer} trailOf={({ order }) => order?.auditTrail ?? null} />;
}

export function UserTrail({ id }: { id: string }) {
  const answer = useGraph(AdminUserAuditDocument, { id, first: ENTRIES });
  return <Trail id={id} answer={answer} trailOf={({ user }) => user?.auditTrail ?? null} />;
}

interface TrailProps<Result> {
  id: string;
  answer: Answer<Result>;
  trailOf: (data: Result) => AuditPageFragment | null;
}

function Trail<Result>({ id, answer, trailOf }: TrailProps<Result>) {
  const { t } = useAdminI18n();
  return (
    <section className="card stack" aria-labelledby="trail">
      <h2 id="trail">{t("audit.trail")}</h2>
      <Loaded answer={answer}>
        {(data) => {
          const trail = trailOf(data);
          if (!trail?.nodes.length) return <p className="muted">{t("audit.none")}</p>;
          return (
            <>
              <AuditTable entries={trail.nodes} caption={t("audit.trail")} />
              {trail.pageInfo.hasNextPage && (
                <Link href={`/audit?subject=${id}`}>{t("audit.all", { count: trail.totalCount })}</Link>
              )}
            </>
          );
        }}
      </Loaded>
    </section>
  );
}
