/** Pays back all of an order or a part of it. */
import { useAct } from "@petplus/client";
import { Button, Dialog, TextField } from "@petplus/ui";
import { useState } from "react";
import { AdminRefundDocument, type OrderDetailFragment } from "../../gql";
import { useAdminI18n } from "../../i18n";
import type { OrderActions } from "./useOrderAction";

interface RefundDialogProps {
  order: OrderDetailFragment;
  actions: OrderActions;
  onClose: () => void;
}

export function RefundDialog({ order, actions, onClose }: RefundDialogProps) {
  const { t } = useAdminI18n();
  const refund = useAct(AdminRefundDocument);
  const [amount, setAmount] = useState("");
  const [reason, setReason] = useState("");
  // One key for this dialog: a repeated click pays back once.
  const [idempotencyKey] = useState(() => crypto.randomUUID());

  function payBack(): void {
    const given = { ...(amount && { amount }), ...(reason && { reason }), idempotencyKey };
    void actions.run({
      name: t("order.refund"),
      done: t("order.refunded"),
      send: async (version) => (await refund({ input: { orderId: order.id, version, ...given } })).orderRefund,
    });
    onClose();
  }

  return (
    <Dialog title={t("order.refund")} onClose={onClose}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          payBack();
        }}
      >
        <TextField
          label={t("order.amount", { currency: order.total.currencyCode })}
          hint={t("order.amountHint")}
          inputMode="decimal"
          pattern="\d+(\.\d+)?"
          value={amount}
          onChange={({ target }) => setAmount(target.value)}
        />
        <TextField label={t("order.reason")} value={reason} onChange={({ target }) => setReason(target.value)} />
        <div className="row">
          <Button type="submit" look="danger">
            {t("order.refund")}
          </Button>
          <Button onClick={onClose}>{t("ui.cancel")}</Button>
        </div>
      </form>
    </Dialog>
  );
}
