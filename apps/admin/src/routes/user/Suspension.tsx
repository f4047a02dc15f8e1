/** Suspends an account, with the reason, or reinstates it. */
import { useAct, useSessionState } from "@petplus/client";
import { Button, Dialog, TextAreaField } from "@petplus/ui";
import { useState } from "react";
import { AdminReinstateDocument, AdminSuspendDocument, type UserRowFragment } from "../../gql";
import { useAdminI18n } from "../../i18n";
import { useResult } from "../../useResult";

const LONGEST_REASON = 500;

interface SuspensionProps {
  user: UserRowFragment;
  /** Called where the account may not be what the page shows. */
  onStale: () => void;
}

export function Suspension({ user, onStale }: SuspensionProps) {
  const { t, formats } = useAdminI18n();
  const { viewer } = useSessionState();
  return (
    <section className="card stack" aria-labelledby="suspension">
      <h2 id="suspension">{t("users.suspension")}</h2>
      {user.suspendedAt ? (
        <>
          <p>{t("users.suspendedSince", { at: formats.dateTime(user.suspendedAt), reason: user.suspensionReason ?? "–" })}</p>
          <Reinstate user={user} onStale={onStale} />
        </>
      ) : viewer?.id === user.id ? (
        <p className="muted">{t("users.notYourself")}</p>
      ) : (
        <Suspend user={user} onStale={onStale} />
      )}
    </section>
  );
}

function Suspend({ user, onStale }: SuspensionProps) {
  const { t } = useAdminI18n();
  const suspend = useAct(AdminSuspendDocument);
  const { isBusy, send } = useResult();
  const [isAsked, setAsked] = useState(false);
  const [reason, setReason] = useState("");

  async function suspendIt(): Promise<void> {
    setAsked(false);
    const ask = async () => (await suspend({ input: { userId: user.id, reason: reason.trim() } })).userSuspend;
    if ((await send(ask, t("users.isSuspended"))) === null) onStale();
    else setReason("");
  }

  return (
    <>
      <div>
        <Button look="danger" isSmall isBusy={isBusy} onClick={() => setAsked(true)}>
          {t("users.suspend")}
        </Button>
      </div>
      {isAsked && (
        <Dialog title={t("users.suspend")} onClose={() => setAsked(false)}>
          <form
            className="stack"
            onSubmit={(event) => {
              event.preventDefault();
              void suspendIt();
            }}
          >
            <p>{t("users.suspendSure")}</p>
            <TextAreaField
              label={t("users.reason")}
              hint={t("users.reasonHint")}
              maxLength={LONGEST_REASON}
              required
              value={reason}
              onChange={({ target }) => setReason(target.value)}
            />
            <div className="row">
              <Button type="submit" look="danger" disabled={reason.trim() === ""}>
                {t("users.suspend")}
              </Button>
              <Button onClick={() => setAsked(false)}>{t("ui.cancel")}</Button>
            </div>
          </form>
        </Dialog>
      )}
    </>
  );
}

function Reinstate({ user, onStale }: SuspensionProps) {
  const { t } = useAdminI18n();
  const reinstate = useAct(AdminReinstateDocument);
  const { isBusy, send } = useResult();

  async function reinstateIt(): Promise<void> {
    const ask = async () => (await reinstate({ input: { userId: user.id } })).userReinstate;
    if ((await send(ask, t("users.isReinstated"))) === null) onStale();
  }

  return (
    <div>
      <Button isSmall isBusy={isBusy} onClick={() => void reinstateIt()}>
        {t("users.reinstate")}
      </Button>
    </div>
  );
}
