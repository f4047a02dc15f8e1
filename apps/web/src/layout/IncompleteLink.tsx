/** A mailed link that lost its end on the way. */
import { Empty } from "@petplus/ui";
import { useShopI18n } from "../i18n";

export function IncompleteLink() {
  const { t } = useShopI18n();
  return <Empty title={t("open.noToken")} isPage />;
}
