/** Entries of the audit log as rows: who did what to what, and which fields changed. */
import { Table, type Column } from "@petplus/ui";
import { Link } from "wouter";
import { useCan, type Scope } from "../../access";
import type { AuditRowFragment } from "../../gql";
import { useAdminI18n } from "../../i18n";
import "./AuditTable.css";

/** The objects that have a page here, and who may see it. */
const PAGES: Readonly<Record<string, readonly [path: string, scope: Scope]>> = {
  Order: ["/orders", "orders:read"],
  User: ["/users", "users:read"],
  Experiment: ["/experiments", "analytics:read"],
};

export function AuditTable({ entries, caption }: { entries: readonly AuditRowFragment[]; caption: string }) {
  const { t, formats } = useAdminI18n();
  const columns: readonly Column<AuditRowFragment>[] = [
    { header: t("audit.sequence"), cell: ({ sequence }) => formats.number(sequence), isNumber: true },
    { header: t("audit.at"), cell: ({ at }) => <time dateTime={at}>{formats.dateTime(at)}</time> },
    { header: t("audit.actor"), cell: ({ actor, actorKind }) => actor?.name || t(`auditActor.${actorKind}`) },
    { header: t("audit.action"), cell: ({ action }) => <code>{action}</code> },
    { header: t("audit.subject"), cell: ({ subject }) => <Subject subject={subject} /> },
    { header: t("audit.changes"), cell: ({ changes }) => <Changes changes={changes} /> },
  ];
  return <Table caption={caption} columns={columns} rows={entries} keyOf={({ id }) => id} />;
}

function Subject({ subject: { type, subjectId } }: Pick<AuditRowFragment, "subject">) {
  const can = useCan();
  const page = PAGES[type];
  const text = `${type} …${subjectId.slice(-6)}`;
  if (page === undefined || !can(page[1])) return <span title={subjectId}>{text}</span>;
  return (
    <Link href={`${page[0]}/${subjectId}`} title={subjectId}>
      {text}
    </Link>
  );
}

function Changes({ changes }: Pick<AuditRowFragment, "changes">) {
  if (changes.length === 0) return "–";
  return (
    <ul className="audit-changes">
      {changes.map(({ field, before, after }) => (
        <li key={field}>
          {field}: {before !== null && <del>{before}</del>} {after !== null && <ins>{after}</ins>}
        </li>
      ))}
    </ul>
  );
}
