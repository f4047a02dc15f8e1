/** The page that the mail of a changed address leads to. It waits for a click, because programs open links of mails too. */
import { useAct } from "@petplus/client";
import { Button, Failure, useForm, useToast } from "@petplus/ui";
import { useState } from "react";
import { useLocation } from "wouter";
import { WebProveEmailDocument } from "../../gql";
import { useShopI18n } from "../../i18n";
import { IncompleteLink } from "../../layout/IncompleteLink";
import { mailedToken } from "../../mailed-token";

export function VerifyEmailPage() {
  const { t } = useShopI18n();
  const [token] = useState(mailedToken);
  const prove = useAct(WebProveEmailDocument);
  const tell = useToast();
  const [, navigate] = useLocation();
  const form = useForm(
    async () => (await prove({ input: { token: token ?? "" } })).emailVerify,
    () => {
      tell(t("verify.done"));
      navigate("/account");
    },
    () => t("open.badToken"),
  );
  if (token === null) return <IncompleteLink />;
  return (
    <form className="stack narrow" onSubmit={form.onSubmit}>
      <title>{t("verify.title")}</title>
      <h1>{t("verify.title")}</h1>
      <Failure text={form.failure} />
      <Button type="submit" look="primary" isBusy={form.isBusy}>
        {t("verify.submit")}
      </Button>
    </form>
  );
}
