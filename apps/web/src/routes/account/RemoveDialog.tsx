/** Asks once more before something of the account is deleted. */
import { Button, Dialog, Failure, useForm } from "@petplus/ui";
import { useShopI18n } from "../../i18n";

interface RemoveDialogProps {
  title: string;
  lead: string;
  remove: () => Promise<{ __typename: string }>;
  onClose: () => void;
  onChange: () => void;
}

export function RemoveDialog({ title, lead, remove, onClose, onChange }: RemoveDialogProps) {
  const { t } = useShopI18n();
  const form = useForm(remove, () => {
    onClose();
    onChange();
  });
  return (
    <Dialog title={title} onClose={onClose}>
      <form className="stack" onSubmit={form.onSubmit}>
        <p>{lead}</p>
        <Failure text={form.failure} />
        <div className="row">
          <Button type="submit" look="danger" isBusy={form.isBusy}>
            {t("account.remove")}
          </Button>
          <Button onClick={onClose}>{t("ui.cancel")}</Button>
        </div>
      </form>
    </Dialog>
  );
}
