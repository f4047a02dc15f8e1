/** Moves the selected orders together, and says of each what came of it. */
import { isProblem, troubleOf, useAct } from "@petplus/client";
import { Button, Dialog, SelectField, Table, useProof, useToast, type Column } from "@petplus/ui";
import { useState } from "react";
import { AdminAdvanceManyDocument, type AdminAdvanceManyMutation, type OrderRowFragment, type OrderStatus } from "../../gql";
import { useAdminI18n } from "../../i18n";
import { movesOf } from "../order/transitions";
import { STATUSES } from "./statuses";
import type { Selection } from "./useSelection";
import "./BulkMove.css";

type Success = Extract<AdminAdvanceManyMutation["ordersStatusAdvance"], { outcomes: unknown }>;

/** As many as the graph moves at once. */
const AT_ONCE = 50;

interface Moved {
  id: string;
  number: string;
  /** Why it was not moved; null if it was. */
  refusal: string | null;
}

interface BulkMoveProps {
  selection: Selection;
  /** The versions of orders that changed after they were selected, as the list shows them. */
  fresh: ReadonlyMap<string, number>;
  onDone: () => void;
}

/** The statuses to which any of the orders may be moved. */
export function targetsOf(orders: readonly Pick<OrderRowFragment, "allowedTransitions">[]): readonly OrderStatus[] {
  const found = new Set(orders.flatMap(movesOf));
  return STATUSES.filter((each) => found.has(each));
}

export function BulkMove({ selection, fresh, onDone }: BulkMoveProps) {
  const { t } = useAdminI18n();
  const { orders, keep } = selection;
  const { isBusy, moved, move, forget } = useMove(selection, fresh, onDone);
  const targets = targetsOf(orders);
  const [chosen, setChosen] = useState<OrderStatus | null>(null);
  const to = targets.find((each) => each === chosen) ?? targets[0];
  return (
    <>
      {orders.length > 0 && (
        <section className="bulk row" aria-label={t("bulk.title")}>
          <strong>{t("bulk.selected", { count: orders.length })}</strong>
          {to === undefined ? (
            <span>{t("bulk.nowhere")}</span>
          ) : (
            <>
              <SelectField
                label={t("order.move")}
                value={to}
                options={targets.map((each) => [each, t(`status.${each}`)] as const)}
                onChange={({ target }) => setChosen(targets.find((each) => each === target.value) ?? null)}
              />
              <Button look="primary" isSmall isBusy={isBusy} onClick={() => void move(to)}>
                {t("bulk.move")}
              </Button>
            </>
          )}
          <Button isSmall look="quiet" onClick={() => keep(new Set())}>
            {t("bulk.clear")}
          </Button>
        </section>
      )}
      {moved && <Outcome moved={moved} onClose={forget} />}
    </>
  );
}

function useMove({ orders, keep }: Selection, fresh: ReadonlyMap<string, number>, onDone: () => void) {
  const { t } = useAdminI18n();
  const advance = useAct(AdminAdvanceManyDocument);
  const tell = useToast();
  const proved = useProof();
  const [isBusy, setBusy] = useState(false);
  const [moved, setMoved] = useState<readonly Moved[] | null>(null);

  async function send(part: readonly OrderRowFragment[], to: OrderStatus): Promise<readonly Moved[]> {
    const sent = part.map(({ id, version }) => ({ id, version: Math.max(version, fresh.get(id) ?? 0) }));
    const result = await proved(async () => (await advance({ input: { orders: sent, to } })).ordersStatusAdvance);
    const refusalOf = isProblem(result) ? () => result.message : refusalIn(result as Success);
    return part.map(({ id, number }) => ({ id, number, refusal: refusalOf(id) }));
  }

  return {
    isBusy,
    moved,
    forget: () => setMoved(null),
    async move(to: OrderStatus) {
      setBusy(true);
      const done: Moved[] = [];
      try {
        for (let at = 0; at < orders.length; at += AT_ONCE) done.push(...(await send(orders.slice(at, at + AT_ONCE), to)));
      } catch (error) {
        tell(t(`ui.trouble.${troubleOf(error)}`), "bad");
      }
      setBusy(false);
      if (done.length === 0) return;
      setMoved(done);
      const left = new Set(done.filter(({ refusal }) => refusal === null).map(({ id }) => id));
      keep(new Set(orders.map(({ id }) => id).filter((id) => !left.has(id))));
      onDone();
    },
  };
}

function refusalIn({ outcomes }: Success): (id: string) => string | null {
  const results = new Map(outcomes.map(({ orderId, result }) => [orderId, result]));
  return (id) => {
    const result = results.get(id);
    return result && isProblem(result) ? result.message : null;
  };
}

function Outcome({ moved, onClose }: { moved: readonly Moved[]; onClose: () => void }) {
  const { t } = useAdminI18n();
  const columns: readonly Column<Moved>[] = [
    { header: t("orders.number"), cell: ({ number }) => number },
    { header: t("bulk.outcome"), cell: ({ refusal }) => refusal ?? t("bulk.moved") },
  ];
  const count = moved.filter(({ refusal }) => refusal === null).length;
  return (
    <Dialog title={t("bulk.done", { count, all: moved.length })} onClose={onClose}>
      <div className="bulk-outcome">
        <Table caption={t("bulk.outcome")} columns={columns} rows={moved} keyOf={({ id }) => id} />
      </div>
      <div>
        <Button onClick={onClose}>{t("ui.close")}</Button>
      </div>
    </Dialog>
  );
}
