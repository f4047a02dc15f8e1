/** A copy of all that the shop knows of the customer, and the end of the account. */
import { useAct, useSession } from "@petplus/client";
import { Button, Dialog, Failure, TextField, useForm, useProof, useToast } from "@petplus/ui";
import { useState } from "react";
import { WebAccountDeleteDocument, WebAccountExportDocument } from "../../gql";
import { useShopI18n } from "../../i18n";
import { collect, download } from "./copy";

export function YourData() {
  return (
    <div className="stack account-form">
      <Copy />
      <Deletion />
    </div>
  );
}

function Copy() {
  const { t } = useShopI18n();
  const ask = useAct(WebAccountExportDocument);
  const proved = useProof();
  const form = useForm(
    () => collect((cursors) => proved(async () => (await ask(cursors)).accountExport)),
    (result) => download(result.filename, result.text),
  );
  return (
    <form className="card stack" onSubmit={form.onSubmit} aria-labelledby="copy">
      <h2 id="copy">{t("data.copy")}</h2>
      <p className="muted">{t("data.copyLead")}</p>
      <Failure text={form.failure} />
      <div>
        <Button type="submit" isBusy={form.isBusy}>
          {t("data.load")}
        </Button>
      </div>
    </form>
  );
}

function Deletion() {
  const { t } = useShopI18n();
  const [isAsked, setAsked] = useState(false);
  return (
    <section className="card stack" aria-labelledby="deletion">
      <h2 id="deletion">{t("data.delete")}</h2>
      <p className="muted">{t("data.deleteLead")}</p>
      <div>
        <Button look="danger" onClick={() => setAsked(true)}>
          {t("data.delete")}
        </Button>
      </div>
      {isAsked && <DeletionDialog onClose={() => setAsked(false)} />}
    </section>
  );
}

function DeletionDialog({ onClose }: { onClose: () => void }) {
  const { t } = useShopI18n();
  const remove = useAct(WebAccountDeleteDocument);
  const session = useSession();
  const tell = useToast();
  const form = useForm(
    async ({ password = "" }) => (await remove({ input: { password } })).accountDelete,
    () => {
      tell(t("data.deleted"));
      session.leave();
    },
    ({ code }) => (code === "WRONG_PASSWORD" ? t("account.wrongPassword") : undefined),
  );
  return (
    <Dialog title={t("data.delete")} onClose={onClose}>
      <form className="stack" onSubmit={form.onSubmit} noValidate>
        <p>{t("data.deleteSure")}</p>
        <TextField
          label={t("proof.password")}
          name="password"
          type="password"
          autoComplete="current-password"
          error={form.errorOf("password")}
          required
        />
        <Failure text={form.failure} />
        <Button type="submit" look="danger" isBusy={form.isBusy}>
          {t("data.deleteNow")}
        </Button>
      </form>
    </Dialog>
  );
}
