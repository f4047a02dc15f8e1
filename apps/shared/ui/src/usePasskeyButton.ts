/** A button by which the viewer uses a passkey, and what went wrong with it. */
import { isProblem, troubleOf } from "@petplus/client";
import { useState } from "react";
import { useI18n } from "./i18n";

type Outcome = { __typename: string; message?: string } | null;

export function usePasskeyButton(ask: () => Promise<Outcome>, onDone: () => void) {
  const { t } = useI18n();
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string>();

  async function attempt(): Promise<void> {
    setBusy(true);
    setFailure(undefined);
    try {
      const result = await ask();
      if (result === null || isProblem(result)) setFailure(t("logIn.passkeyFailed"));
      else onDone();
    } catch (error) {
      setFailure(t(`ui.trouble.${troubleOf(error)}`));
    } finally {
      setBusy(false);
    }
  }

  return { isBusy, failure, onClick: () => void attempt() };
}
