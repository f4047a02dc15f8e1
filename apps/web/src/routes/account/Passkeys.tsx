/** Passkeys: keys of a device or a password manager that log in without a password. */
import { createPasskey, hasPasskeys, useAct } from "@petplus/client";
import { Button, Failure, TextField, useForm, useProof, useToast } from "@petplus/ui";
import { WebPasskeyAddDocument, WebPasskeyRemoveDocument, WebPasskeyStartDocument, type PasskeyPartsFragment } from "../../gql";
import { useShopI18n } from "../../i18n";

interface PasskeysProps {
  passkeys: readonly PasskeyPartsFragment[];
  onChange: () => void;
}

export function Passkeys({ passkeys, onChange }: PasskeysProps) {
  const { t } = useShopI18n();
  return (
    <section className="card stack" aria-labelledby="passkeys">
      <h2 id="passkeys">{t("passkeys.title")}</h2>
      <p className="muted">{t("passkeys.lead")}</p>
      <ul className="stack">
        {passkeys.map((passkey) => (
          <PasskeyRow key={passkey.id} passkey={passkey} onChange={onChange} />
        ))}
      </ul>
      {hasPasskeys() ? <AddForm key={passkeys.length} onChange={onChange} /> : <p>{t("passkeys.unknown")}</p>}
    </section>
  );
}

function PasskeyRow({ passkey: { id, name, createdAt, lastUsedAt }, onChange }: { passkey: PasskeyPartsFragment; onChange: () => void }) {
  const { t, formats } = useShopI18n();
  const remove = useAct(WebPasskeyRemoveDocument);
  const proved = useProof();
  const tell = useToast();
  const form = useForm(
    () => proved(async () => (await remove({ input: { passkeyId: id } })).passkeyRemove),
    () => {
      tell(t("passkeys.removed"));
      onChange();
    },
  );
  return (
    <li>
      <form className="row apart" onSubmit={form.onSubmit}>
        <div>
          <strong>{name}</strong>
          <p className="muted small">
            {t("passkeys.added", { date: formats.date(createdAt) })}
            {lastUsedAt && ` · ${t("account.lastSeen", { ago: formats.ago(lastUsedAt) })}`}
          </p>
        </div>
        <Button type="submit" isSmall isBusy={form.isBusy} aria-label={t("passkeys.removeName", { name })}>
          {t("passkeys.remove")}
        </Button>
      </form>
      <Failure text={form.failure} />
    </li>
  );
}

function AddForm({ onChange }: { onChange: () => void }) {
  const { t } = useShopI18n();
  const start = useAct(WebPasskeyStartDocument);
  const add = useAct(WebPasskeyAddDocument);
  const proved = useProof();
  const tell = useToast();
  const form = useForm(
    async ({ name = "" }) => {
      const started = await proved(async () => (await start({})).passkeyRegistrationStart);
      if (!("options" in started)) return started;
      const response = await createPasskey(started.options);
      if (response === null) return { __typename: "DeclinedProblem" as const, code: "DECLINED", message: t("passkeys.notMade") };
      return (await add({ input: { name, response } })).passkeyRegister;
    },
    () => {
      tell(t("passkeys.made"));
      onChange();
    },
  );
  return (
    <form className="stack" onSubmit={form.onSubmit} noValidate>
      <TextField label={t("passkeys.name")} hint={t("passkeys.nameHint")} name="name" maxLength={60} error={form.errorOf("name")} required />
      <Failure text={form.failure} />
      <div>
        <Button type="submit" isBusy={form.isBusy}>
          {t("passkeys.add")}
        </Button>
      </div>
    </form>
  );
}
