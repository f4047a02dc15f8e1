/** Asks for the mail by which a new password is set. */
import { useAct } from "@petplus/client";
import { Button, Empty, Failure, TextField, useForm } from "@petplus/ui";
import { useState } from "react";
import { WebPasswordForgottenDocument } from "../../gql";
import { useShopI18n } from "../../i18n";

export function ForgotPasswordPage() {
  const { t } = useShopI18n();
  const ask = useAct(WebPasswordForgottenDocument);
  const [isSent, setSent] = useState(false);
  const form = useForm(
    async ({ email = "" }) => (await ask({ input: { email } })).passwordResetRequest,
    () => setSent(true),
  );
  if (isSent) return <Empty title={t("forgot.sent")} isPage />;
  return (
    <form className="stack narrow" onSubmit={form.onSubmit}>
      <title>{t("forgot.title")}</title>
      <h1>{t("forgot.title")}</h1>
      <TextField label={t("logIn.email")} name="email" type="email" autoComplete="username" required />
      <Failure text={form.failure} />
      <Button type="submit" look="primary" isBusy={form.isBusy}>
        {t("forgot.submit")}
      </Button>
    </form>
  );
}
