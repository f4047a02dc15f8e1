/** A conflict as a difference: what the viewer saw when they acted, and what the order is now. */
import { Button, Dialog, Table } from "@petplus/ui";
import type { Formats } from "@petplus/client";
import type { OrderDetailFragment } from "../../gql";
import { useAdminI18n, type Key } from "../../i18n";
import type { Conflict } from "./useOrderAction";

interface Difference {
  field: "status" | "paid" | "refunded" | "parcels" | "notes";
  mine: string;
  theirs: string;
}

/** What differs between two readings of an order, in words. */
export function differences(
  { before, now }: Pick<Conflict, "before" | "now">,
  t: (key: Key) => string,
  formats: Pick<Formats, "money" | "number">,
): Difference[] {
  const read: Record<Difference["field"], (order: OrderDetailFragment) => string> = {
    status: ({ status }) => t(`status.${status}`),
    paid: ({ paid }) => formats.money(paid),
    refunded: ({ refunded }) => formats.money(refunded),
    parcels: ({ shipments }) => formats.number(shipments.length),
    notes: ({ notes }) => formats.number(notes?.length ?? 0),
  };
  return (Object.keys(read) as Difference["field"][])
    .map((field) => ({ field, mine: read[field](before), theirs: read[field](now) }))
    .filter(({ mine, theirs }) => mine !== theirs);
}

interface ConflictDialogProps {
  conflict: Conflict;
  onKeep: () => void;
  onAgain: () => void;
}

export function ConflictDialog({ conflict, onKeep, onAgain }: ConflictDialogProps) {
  const { t, formats } = useAdminI18n();
  const { action, before, now } = conflict;
  const columns = [
    { header: t("conflict.field"), cell: ({ field }: Difference) => t(`field.${field}`) },
    { header: t("conflict.mine"), cell: ({ mine }: Difference) => mine },
    { header: t("conflict.theirs"), cell: ({ theirs }: Difference) => <strong>{theirs}</strong> },
  ];
  const rows = differences(conflict, t, formats);
  return (
    <Dialog title={t("conflict.title")} onClose={onKeep}>
      <p>{t("conflict.lead", { mine: before.version, theirs: now.version })}</p>
      {rows.length > 0 && <Table caption={t("conflict.title")} columns={columns} rows={rows} keyOf={({ field }) => field} />}
      <p>{t("conflict.wanted", { action: action.name })}</p>
      <div className="row">
        <Button look="primary" onClick={onKeep}>
          {t("conflict.keep")}
        </Button>
        <Button onClick={onAgain}>{t("conflict.again")}</Button>
      </div>
    </Dialog>
  );
}
