/** Log-in, and where to go afterwards. */
import { useSessionState } from "@petplus/client";
import { LogIn } from "@petplus/ui";
import { Link, Redirect, useSearchParams } from "wouter";
import { useShopI18n } from "../../i18n";

/** A path of this app, and nothing else that a link could name. */
function safePath(next: string | null): string {
  return next !== null && /^\/(?![/\\])/.test(next) ? next : "/account";
}

export function LogInPage() {
  const { t } = useShopI18n();
  const { status } = useSessionState();
  const [params] = useSearchParams();
  if (status === "signedIn") return <Redirect to={safePath(params.get("next"))} replace />;
  return (
    <LogIn>
      <p>
        <Link href="/forgot-password">{t("logIn.forgotten")}</Link>
      </p>
      <p>
        {t("logIn.new")} <Link href="/register">{t("logIn.register")}</Link>
      </p>
    </LogIn>
  );
}
