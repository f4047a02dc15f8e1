/** Where an address is written, a new one or one that changes. */
import { useAct } from "@petplus/client";
import { Button, Dialog, Failure, TextField, useForm, useToast } from "@petplus/ui";
import { AddressFields } from "../../address/AddressFields";
import { addressOf } from "../../address/address";
import { WebAddressCreateDocument, WebAddressUpdateDocument, type SavedAddressPartsFragment } from "../../gql";
import { useShopI18n } from "../../i18n";

interface AddressDialogProps {
  /** The address that changes; null for a new one. */
  address: SavedAddressPartsFragment | null;
  onClose: () => void;
  onChange: () => void;
}

export function AddressDialog({ address, onClose, onChange }: AddressDialogProps) {
  const { t } = useShopI18n();
  const create = useAct(WebAddressCreateDocument);
  const update = useAct(WebAddressUpdateDocument);
  const tell = useToast();
  const form = useForm(
    async (values) => {
      const given = { label: values["label"] ?? "", address: addressOf(values) };
      if (address === null) return (await create({ input: given })).addressCreate;
      const { id, version } = address;
      return (await update({ input: { id, version, ...given } })).addressUpdate;
    },
    () => {
      tell(t("account.saved"));
      onChange();
      onClose();
    },
    ({ __typename }) => {
      if (__typename === "ConflictProblem") onChange();
      return undefined;
    },
  );
  return (
    <Dialog title={address ? t("addresses.change") : t("addresses.add")} onClose={onClose}>
      <form className="stack" onSubmit={form.onSubmit} noValidate>
        <TextField
          label={t("addresses.label")}
          hint={t("addresses.labelHint")}
          name="label"
          maxLength={40}
          defaultValue={address?.label ?? ""}
          error={form.errorOf("label")}
        />
        <AddressFields known={address} errorOf={form.errorOf} />
        <Failure text={form.failure} />
        <div>
          <Button type="submit" look="primary" isBusy={form.isBusy}>
            {t("account.save")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
