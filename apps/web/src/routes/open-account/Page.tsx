/** The page that the mail of a registration leads to: a password opens the account. */
import { useAct } from "@petplus/client";
import { WebProveEmailDocument } from "../../gql";
import { useShopI18n } from "../../i18n";
import { NewPasswordPage } from "../../layout/NewPasswordPage";

export function OpenAccountPage() {
  const { t } = useShopI18n();
  const prove = useAct(WebProveEmailDocument);
  return (
    <NewPasswordPage
      title={t("open.title")}
      submit={t("open.submit")}
      done={t("open.done")}
      send={async (token, password) => (await prove({ input: { token, password } })).emailVerify}
    />
  );
}
