/** What is around each page: the way to the others, and the choice of language and look. */
import { useSessionState } from "@petplus/client";
import { ConnectionBanner, ThemeSelect } from "@petplus/ui";
import { useEffect, useRef, type ReactNode } from "react";
import { Link, useLocation } from "wouter";
import { useCart } from "../cart/useCart";
import { LANGUAGES, useShopI18n } from "../i18n";
import { CurrencySelect } from "./CurrencySelect";
import { nameOf, useLanguage } from "./language";
import "./Layout.css";

export function Layout({ children }: { children: ReactNode }) {
  const { t } = useShopI18n();
  const main = useRef<HTMLElement>(null);
  const [path] = useLocation();
  const shown = useRef(path);
  useEffect(() => {
    // Another page: it is read from its start.
    if (shown.current === path) return;
    shown.current = path;
    main.current?.focus({ preventScroll: true });
    scrollTo(0, 0);
  }, [path]);
  return (
    <div className="layout">
      <a className="layout-skip" href="#main">
        {t("nav.skip")}
      </a>
      <ConnectionBanner />
      <Header />
      <main id="main" ref={main} tabIndex={-1}>
        {children}
      </main>
      <Footer />
    </div>
  );
}

function Header() {
  const { t } = useShopI18n();
  const { status } = useSessionState();
  const { cart } = useCart();
  const count = cart?.lines.reduce((sum, line) => sum + line.quantity, 0) ?? 0;
  return (
    <header className="layout-header">
      <Link href="/" className="layout-brand">
        <img src="/icon.svg" alt="" width="28" height="28" />
        All Pet Plus
      </Link>
      <nav aria-label={t("nav.main")}>
        <Link href="/track">{t("nav.track")}</Link>
        {status === "signedIn" ? (
          <Link href="/account">{t("nav.account")}</Link>
        ) : (
          <Link href="/log-in">{t("nav.logIn")}</Link>
        )}
        <Link href="/cart" className="layout-cart" aria-label={t("nav.cart", { count })}>
          <CartIcon />
          {count > 0 && <span className="layout-count">{count}</span>}
        </Link>
      </nav>
    </header>
  );
}

function CartIcon() {
  return (
    <svg viewBox="0 0 24 24" width="24" height="24" fill="none" stroke="currentColor" strokeWidth="1.8" aria-hidden="true">
      <path d="M6 8h12l1 12H5L6 8Z" strokeLinejoin="round" />
      <path d="M9 10V7a3 3 0 0 1 6 0v3" strokeLinecap="round" />
    </svg>
  );
}

function Footer() {
  const { t } = useShopI18n();
  const { language, choose } = useLanguage();
  return (
    <footer className="layout-footer">
      <p>{t("footer.claim")}</p>
      <label>
        {t("footer.language")}{" "}
        <select value={language} onChange={({ target }) => choose(target.value)}>
          {LANGUAGES.map((each) => (
            <option key={each} value={each} lang={each}>
              {nameOf(each)}
            </option>
          ))}
        </select>
      </label>
      <CurrencySelect />
      <ThemeSelect />
    </footer>
  );
}
