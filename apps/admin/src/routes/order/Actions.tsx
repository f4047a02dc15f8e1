/** What staff can do with an order: move it, hold it, send it, pay it back. */
import { useAct } from "@petplus/client";
import { Button, TextField } from "@petplus/ui";
import { useState } from "react";
import { AdminAdvanceDocument, AdminHoldDocument, AdminReleaseDocument, type OrderDetailFragment, type OrderStatus } from "../../gql";
import { useAdminI18n } from "../../i18n";
import { ConflictDialog } from "./Conflict";
import { ParcelDialog } from "./ParcelDialog";
import { RefundDialog } from "./RefundDialog";
import { isHoldable, isSendable, movesOf } from "./transitions";
import { useOrderActions, type Action } from "./useOrderAction";

type Open = "parcel" | "refund" | null;

export function Actions({ order, onChange }: { order: OrderDetailFragment; onChange: () => void }) {
  const { t } = useAdminI18n();
  const actions = useOrderActions(order);
  const [reason, setReason] = useState("");
  const [open, setOpen] = useState<Open>(null);
  const all = useStatusActions(order, reason);

  async function run(action: Action): Promise<void> {
    if (await actions.run(action)) setReason("");
  }

  function keepTheirs(): void {
    actions.dismiss();
    onChange();
  }

  return (
    <section className="card stack" aria-label={t("order.move")}>
      <TextField label={t("order.reason")} value={reason} maxLength={500} onChange={({ target }) => setReason(target.value)} />
      <div className="row">
        {all.map((action, index) => (
          <Button
            key={action.name}
            look={index === 0 ? "primary" : "secondary"}
            isSmall
            isBusy={actions.isBusy}
            onClick={() => void run(action)}
          >
            {action.name}
          </Button>
        ))}
        {isSendable(order.status) && (
          <Button isSmall onClick={() => setOpen("parcel")}>
            {t("order.sendParcel")}
          </Button>
        )}
        {Number(order.refundable.amount) > 0 && (
          <Button isSmall look="danger" onClick={() => setOpen("refund")}>
            {t("order.refund")}
          </Button>
        )}
      </div>
      {open === "parcel" && <ParcelDialog order={order} onClose={() => setOpen(null)} />}
      {open === "refund" && <RefundDialog order={order} actions={actions} onClose={() => setOpen(null)} />}
      {actions.conflict && (
        <ConflictDialog conflict={actions.conflict} onKeep={keepTheirs} onAgain={() => void actions.runAgain()} />
      )}
    </section>
  );
}

/** The actions that change the status, the likeliest first. */
function useStatusActions(order: OrderDetailFragment, reason: string): Action[] {
  const { t } = useAdminI18n();
  const advance = useAct(AdminAdvanceDocument);
  const hold = useAct(AdminHoldDocument);
  const release = useAct(AdminReleaseDocument);
  const orderId = order.id;
  const why = reason.trim() === "" ? {} : { reason: reason.trim() };
  const moves = movesOf(order).map((to: OrderStatus): Action => {
    const status = t(`status.${to}`);
    return {
      name: t("order.moveTo", { status }),
      done: t("order.moved", { status }),
      send: async (version) => (await advance({ input: { orderId, version, to, ...why } })).orderStatusAdvance,
    };
  });
  const releasing: Action = {
    name: t("order.release"),
    done: t("order.release"),
    send: async (version) => (await release({ input: { orderId, version, ...why } })).orderRelease,
  };
  const holding: Action = {
    name: t("order.hold"),
    done: t("order.moved", { status: t("status.ON_HOLD") }),
    send: async (version) => (await hold({ input: { orderId, version, ...why } })).orderHold,
  };
  if (order.status === "ON_HOLD") return [releasing, ...moves];
  return isHoldable(order) ? [...moves, holding] : moves;
}
