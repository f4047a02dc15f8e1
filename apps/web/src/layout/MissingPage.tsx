/** There is no page at this path. */
import { Empty, buttonClass } from "@petplus/ui";
import { Link } from "wouter";
import { useShopI18n } from "../i18n";

export function MissingPage() {
  const { t } = useShopI18n();
  return (
    <Empty title={t("missing.title")} isPage>
      <Link href="/" className={buttonClass({ look: "primary" })}>
        {t("missing.home")}
      </Link>
    </Empty>
  );
}
