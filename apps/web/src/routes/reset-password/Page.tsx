/** The page that the mail about a forgotten password leads to. */
import { useAct } from "@petplus/client";
import { WebPasswordSetDocument } from "../../gql";
import { useShopI18n } from "../../i18n";
import { NewPasswordPage } from "../../layout/NewPasswordPage";

export function ResetPasswordPage() {
  const { t } = useShopI18n();
  const reset = useAct(WebPasswordSetDocument);
  return (
    <NewPasswordPage
      title={t("reset.title")}
      submit={t("reset.submit")}
      done={t("reset.done")}
      send={async (token, password) => (await reset({ input: { token, password } })).passwordReset}
    />
  );
}
