/** Announces a parcel to its carrier. */
import { useAct } from "@petplus/client";
import { Button, Dialog, Failure, SelectField, TextField, useForm, useToast } from "@petplus/ui";
import { useState } from "react";
import { AdminParcelSendDocument, type OrderDetailFragment } from "../../gql";
import { useAdminI18n } from "../../i18n";

export function ParcelDialog({ order, onClose }: { order: OrderDetailFragment; onClose: () => void }) {
  const { t } = useAdminI18n();
  const send = useAct(AdminParcelSendDocument);
  const tell = useToast();
  const [idempotencyKey] = useState(() => crypto.randomUUID());
  const form = useForm(
    async ({ carrier = "", trackingNumber = "", trackingUrl = "", completes }) => {
      const url = trackingUrl === "" ? {} : { trackingUrl };
      const given = { carrier, trackingNumber, ...url, completes: completes === "yes", idempotencyKey };
      return (await send({ input: { orderId: order.id, ...given } })).shipmentCreate;
    },
    () => {
      tell(t("order.sent"));
      onClose();
    },
  );
  return (
    <Dialog title={t("order.sendParcel")} onClose={onClose}>
      <form className="stack" onSubmit={form.onSubmit} noValidate>
        <TextField label={t("order.carrier")} name="carrier" defaultValue="DHL" error={form.errorOf("carrier")} required />
        <TextField
          label={t("order.trackingNumber")}
          name="trackingNumber"
          error={form.errorOf("trackingNumber")}
          autoComplete="off"
          required
        />
        <TextField label={t("order.trackingUrl")} name="trackingUrl" type="url" error={form.errorOf("trackingUrl")} />
        <SelectField
          label={t("order.completes")}
          name="completes"
          options={[
            ["yes", t("order.completesYes")],
            ["no", t("order.completesNo")],
          ]}
        />
        <Failure text={form.failure} />
        <Button type="submit" look="primary" isBusy={form.isBusy}>
          {t("order.sendParcel")}
        </Button>
      </form>
    </Dialog>
  );
}
