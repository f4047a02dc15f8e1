/** The account, one part at a time: what the customer has, and how it is set up. */
import { useSession, useSessionState } from "@petplus/client";
import { Button } from "@petplus/ui";
import { useState, type ComponentType } from "react";
import { Link, Redirect } from "wouter";
import { useShopI18n } from "../../i18n";
import { Addresses } from "./Addresses";
import { Designs } from "./Designs";
import { Orders } from "./Orders";
import { Pets } from "./Pets";
import { Preferences } from "./Preferences";
import { Profile } from "./Profile";
import { Security } from "./Security";
import { Sessions } from "./Sessions";
import { YourData } from "./YourData";
import "./Page.css";

const PARTS = {
  orders: Orders,
  designs: Designs,
  addresses: Addresses,
  pets: Pets,
  profile: Profile,
  preferences: Preferences,
  security: Security,
  sessions: Sessions,
  data: YourData,
} satisfies Record<string, ComponentType>;
type Part = keyof typeof PARTS;

function isPart(part: string): part is Part {
  return part in PARTS;
}

export function AccountPage({ part }: { part: string }) {
  const { t } = useShopI18n();
  const session = useSession();
  const { status, viewer } = useSessionState();
  const [isLeaving, setLeaving] = useState(false);
  if (status === "signedOut") return <Redirect to={`/log-in?next=${encodeURIComponent(`/account/${part}`)}`} />;
  const shown = isPart(part) ? part : "orders";
  const Shown = PARTS[shown];

  function logOut(): void {
    setLeaving(true);
    void session.logOut().catch(() => undefined);
  }

  return (
    <div className="stack">
      <title>{t("account.title")}</title>
      <header className="row apart">
        <div>
          <h1>{t("account.title")}</h1>
          <p className="muted">{viewer?.name}</p>
        </div>
        <Button isSmall isBusy={isLeaving} onClick={logOut}>
          {t("account.logOut")}
        </Button>
      </header>
      <nav className="account-parts" aria-label={t("account.title")}>
        {(Object.keys(PARTS) as Part[]).map((each) => (
          <Link key={each} href={`/account/${each}`} aria-current={each === shown ? "page" : undefined}>
            {t(`account.${each}`)}
          </Link>
        ))}
      </nav>
      <Shown />
    </div>
  );
}
