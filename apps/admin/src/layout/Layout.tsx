/** What is around each page: the way to those that the role may see. */
import { useSession, useSessionState } from "@petplus/client";
import { Button, ConnectionBanner, ThemeSelect } from "@petplus/ui";
import type { ReactNode } from "react";
import { Link } from "wouter";
import { useCan, type Scope } from "../access";
import { useAdminI18n } from "../i18n";
import "./Layout.css";

const PAGES = [
  ["search", "orders:read"],
  ["orders", "orders:read"],
  ["catalogue", "designs:write"],
  ["users", "users:read"],
  ["webhooks", "webhooks:read"],
  ["analytics", "analytics:read"],
  ["experiments", "analytics:read"],
  ["exports", "analytics:read"],
  ["audit", "audit:read"],
  ["system", "users:read"],
] as const satisfies readonly (readonly [string, Scope])[];

export function Layout({ children }: { children: ReactNode }) {
  const { t } = useAdminI18n();
  return (
    <div className="admin">
      <a className="admin-skip" href="#main">
        {t("nav.skip")}
      </a>
      <ConnectionBanner />
      <Header />
      <main id="main" tabIndex={-1}>
        {children}
      </main>
    </div>
  );
}

function Header() {
  const { t } = useAdminI18n();
  const can = useCan();
  const session = useSession();
  const { viewer } = useSessionState();
  return (
    <header className="admin-header">
      <strong className="admin-brand">
        <img src="/admin/icon.svg" alt="" width="24" height="24" />
        Admin
      </strong>
      <nav aria-label={t("nav.main")}>
        {PAGES.filter(([, scope]) => can(scope)).map(([page]) => (
          <Link key={page} href={`/${page}`} className={(isActive) => (isActive ? "admin-here" : "")}>
            {t(`nav.${page}`)}
          </Link>
        ))}
      </nav>
      <div className="row">
        <ThemeSelect isLabelHidden />
        {viewer && (
          <>
            <span className="muted small">{viewer.name}</span>
            <Button isSmall onClick={() => void session.logOut().catch(() => undefined)}>
              {t("nav.logOut")}
            </Button>
          </>
        )}
      </div>
    </header>
  );
}
