/** How the customer logs in: password, passkeys, and a second factor. */
import { useAct, useGraph } from "@petplus/client";
import { Button, Failure, Loaded, TextField, useForm, useToast } from "@petplus/ui";
import { WebAccountSecurityDocument, WebPasswordChangeDocument } from "../../gql";
import { useShopI18n } from "../../i18n";
import { Passkeys } from "./Passkeys";
import { SecondFactor } from "./SecondFactor";

const MOST_PASSKEYS = 20;

export function Security() {
  const answer = useGraph(WebAccountSecurityDocument, { passkeys: MOST_PASSKEYS });
  return (
    <Loaded answer={answer}>
      {({ me }) => (
        <div className="stack account-form">
          <Passkeys passkeys={me?.passkeys?.nodes ?? []} onChange={answer.refetch} />
          <SecondFactor since={me?.secondFactorSince ?? null} codesLeft={me?.recoveryCodesLeft ?? 0} onChange={answer.refetch} />
          <PasswordForm />
        </div>
      )}
    </Loaded>
  );
}

function PasswordForm() {
  const { t } = useShopI18n();
  const change = useAct(WebPasswordChangeDocument);
  const tell = useToast();
  const form = useForm(
    async ({ currentPassword = "", newPassword = "" }) => (await change({ input: { currentPassword, newPassword } })).passwordChange,
    () => tell(t("account.passwordChanged")),
    ({ code }) => (code === "WRONG_PASSWORD" ? t("account.wrongPassword") : undefined),
  );
  return (
    <form className="card stack" onSubmit={form.onSubmit} noValidate aria-labelledby="password">
      <h2 id="password">{t("logIn.password")}</h2>
      <p className="muted">{t("account.passwordHint")}</p>
      <TextField
        label={t("proof.password")}
        name="currentPassword"
        type="password"
        autoComplete="current-password"
        error={form.errorOf("currentPassword")}
        required
      />
      <TextField
        label={t("account.newPassword")}
        hint={t("open.passwordHint")}
        name="newPassword"
        type="password"
        autoComplete="new-password"
        error={form.errorOf("newPassword")}
        required
      />
      <Failure text={form.failure} />
      <div>
        <Button type="submit" isBusy={form.isBusy}>
          {t("account.changePassword")}
        </Button>
      </div>
    </form>
  );
}
