/** A button, and a link that looks like one. */
import type { AnchorHTMLAttributes, ButtonHTMLAttributes } from "react";
import { useI18n } from "./i18n";
import "./Button.css";

export type ButtonLook = "primary" | "secondary" | "quiet" | "danger";

interface Look {
  look?: ButtonLook;
  isSmall?: boolean;
}

export function buttonClass({ look = "secondary", isSmall = false }: Look): string {
  return `button button-${look}${isSmall ? " button-small" : ""}`;
}

/** `isBusy` keeps its place and its focus while what it started is under way, and ignores further clicks. */
export function Button({
  look,
  isSmall,
  isBusy = false,
  type = "button",
  children,
  onClick,
  ...given
}: ButtonHTMLAttributes<HTMLButtonElement> & Look & { isBusy?: boolean }) {
  const { t } = useI18n();
  return (
    <button
      {...given}
      type={isBusy ? "button" : type}
      className={buttonClass({ ...(look && { look }), ...(isSmall && { isSmall }) })}
      aria-disabled={isBusy || undefined}
      onClick={isBusy ? undefined : onClick}
    >
      {isBusy && <span className="button-spinner" role="status" aria-label={t("ui.working")} />}
      {children}
    </button>
  );
}

/** A link to another site or window. Links of the app itself use the class on the router's `Link`. */
export function ButtonLink({ look, isSmall, children, ...given }: AnchorHTMLAttributes<HTMLAnchorElement> & Look) {
  return (
    <a {...given} className={buttonClass({ ...(look && { look }), ...(isSmall && { isSmall }) })}>
      {children}
    </a>
  );
}
