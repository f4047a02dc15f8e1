/** What needs a recent authentication: asks the viewer to prove once more who they are, and then goes on. */
import { hasPasskeys, useSession } from "@petplus/client";
import { createContext, useCallback, useContext, useRef, useState, type ReactNode } from "react";
import { Button } from "./Button";
import { Dialog } from "./Dialog";
import { Failure } from "./Failure";
import { TextField } from "./Field";
import { useForm } from "./forms";
import { useI18n } from "./i18n";
import { usePasskeyButton } from "./usePasskeyButton";

type Outcome = { __typename: string };
type Decision = (isProved: boolean) => void;

/** Sends; if the graph wants a proof first, asks for it and sends again. A viewer who declines gets the refusal. */
export type Proved = <Result extends Outcome>(send: () => Promise<Result>) => Promise<Result>;

const ProofContext = createContext<() => Promise<boolean>>(() => Promise.resolve(false));

/** Asks for proofs of whatever is inside. It stands within the session whose viewer is asked. */
export function ProofProvider({ children }: { children: ReactNode }) {
  const [decide, setDecide] = useState<Decision | null>(null);
  const asking = useRef<Promise<boolean>>(null);
  const ask = useCallback(() => {
    // Whatever else needs a proof meanwhile has the same.
    if (asking.current !== null) return asking.current;
    const { promise, resolve } = Promise.withResolvers<boolean>();
    setDecide(() => resolve);
    asking.current = promise.finally(() => {
      asking.current = null;
      setDecide(null);
    });
    return asking.current;
  }, []);
  return (
    <ProofContext value={ask}>
      {children}
      {decide && <ProofDialog onClose={() => decide(false)} onProved={() => decide(true)} />}
    </ProofContext>
  );
}

export function useProof(): Proved {
  const ask = useContext(ProofContext);
  return async (send) => {
    const result = await send();
    if (result.__typename !== "ReauthenticationProblem") return result;
    return (await ask()) ? send() : result;
  };
}

function ProofDialog({ onClose, onProved }: { onClose: () => void; onProved: () => void }) {
  const { t } = useI18n();
  const session = useSession();
  const form = useForm(({ password = "", code = "" }) => session.reauthenticate(code ? { code } : { password }), onProved);
  const passkey = usePasskeyButton(() => session.reauthenticateByPasskey(), onProved);
  return (
    <Dialog title={t("proof.title")} onClose={onClose}>
      <form className="stack" onSubmit={form.onSubmit}>
        <p>{t("proof.lead")}</p>
        <TextField label={t("proof.password")} name="password" type="password" autoComplete="current-password" />
        <TextField label={t("proof.code")} name="code" autoComplete="one-time-code" />
        <Failure text={form.failure ?? passkey.failure} />
        <Button type="submit" look="primary" isBusy={form.isBusy}>
          {t("proof.submit")}
        </Button>
        {hasPasskeys() && (
          <Button isBusy={passkey.isBusy} onClick={passkey.onClick}>
            {t("proof.passkey")}
          </Button>
        )}
      </form>
    </Dialog>
  );
}
