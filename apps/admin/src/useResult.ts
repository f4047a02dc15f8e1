/** Sends what a button stands for, and tells what came of it. */
import { isProblem, troubleOf } from "@petplus/client";
import { useProof, useToast } from "@petplus/ui";
import { useState } from "react";
import { useAdminI18n } from "./i18n";

type Outcome = { __typename: string };

interface Sending {
  isBusy: boolean;
  /** Returns the result, or null where there was a problem, which was told. */
  send: <Result extends Outcome>(ask: () => Promise<Result>, done: string) => Promise<Result | null>;
}

export function useResult(): Sending {
  const { t } = useAdminI18n();
  const tell = useToast();
  const proved = useProof();
  const [isBusy, setBusy] = useState(false);
  return {
    isBusy,
    async send(ask, done) {
      setBusy(true);
      try {
        const result = await proved(ask);
        if (!isProblem(result)) {
          tell(done);
          return result;
        }
        // A viewer who declined to prove who they are knows it.
        if (result.__typename !== "ReauthenticationProblem") tell((result as { message: string }).message, "bad");
      } catch (error) {
        tell(t(`ui.trouble.${troubleOf(error)}`), "bad");
      } finally {
        setBusy(false);
      }
      return null;
    },
  };
}
