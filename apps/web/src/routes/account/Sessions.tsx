/** Where the customer is logged in, and how to end that. */
import { isProblem, useAct, useGraph } from "@petplus/client";
import { Badge, Button, Loaded, useToast } from "@petplus/ui";
import {
  WebAccountSessionsDocument,
  WebSessionRevokeDocument,
  WebSessionsRevokeDocument,
  type WebAccountSessionsQuery,
} from "../../gql";
import { useShopI18n } from "../../i18n";

type Session = NonNullable<NonNullable<WebAccountSessionsQuery["me"]>["sessions"]>["nodes"][number];

const MOST = 50;

function isOpen({ revokedAt, expiresAt }: Session): boolean {
  return revokedAt === null && new Date(expiresAt).getTime() > Date.now();
}

export function Sessions() {
  const { t } = useShopI18n();
  const answer = useGraph(WebAccountSessionsDocument, { first: MOST });
  const endOthers = useAct(WebSessionsRevokeDocument);
  const tell = useToast();

  async function logOutOthers(): Promise<void> {
    const result = await endOthers({ input: { keepCurrent: true } }).catch(() => null);
    if (result === null || isProblem(result.sessionsRevokeAll)) tell(t("ui.trouble.failed"), "bad");
    else tell(t("account.ended"));
    answer.refetch();
  }

  return (
    <Loaded answer={answer}>
      {({ me }) => {
        const open = (me?.sessions?.nodes ?? []).filter(isOpen);
        return (
          <div className="stack">
            <ul className="stack">
              {open.map((session) => (
                <SessionRow key={session.id} session={session} />
              ))}
            </ul>
            {open.length > 1 && (
              <div>
                <Button onClick={() => void logOutOthers()}>{t("account.endOthers")}</Button>
              </div>
            )}
          </div>
        );
      }}
    </Loaded>
  );
}

function SessionRow({ session }: { session: Session }) {
  const { t, formats } = useShopI18n();
  const end = useAct(WebSessionRevokeDocument);
  const tell = useToast();
  const device = session.device || t("account.unknownDevice");

  async function logOutThere(): Promise<void> {
    const result = await end({ input: { sessionId: session.id } }).catch(() => null);
    if (result === null || isProblem(result.sessionRevoke)) tell(t("ui.trouble.failed"), "bad");
    else tell(t("account.ended"));
  }

  return (
    <li className="card row apart">
      <div>
        <strong>{device}</strong>
        <p className="muted small">{t("account.lastSeen", { ago: formats.ago(session.lastSeenAt) })}</p>
      </div>
      {session.current ? (
        <Badge tone="good">{t("account.thisDevice")}</Badge>
      ) : (
        <Button isSmall aria-label={t("account.end", { device })} onClick={() => void logOutThere()}>
          {t("account.logOut")}
        </Button>
      )}
    </li>
  );
}
