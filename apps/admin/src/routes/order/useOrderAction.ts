/** Sends a change of an order with the version that the page shows, and keeps what a conflict needs to be understood. */
import { troubleOf, useAsk } from "@petplus/client";
import { useProof, useToast } from "@petplus/ui";
import { useState } from "react";
import { AdminOrderPageDocument, type OrderDetailFragment } from "../../gql";
import { useAdminI18n } from "../../i18n";

/** What an action returned: the order, or the sentence why not. */
export type Outcome = { __typename: string; message?: string };

export interface Action {
  /** In words, for whoever meets a conflict. */
  name: string;
  send: (version: number) => Promise<Outcome>;
  done: string;
}

export interface Conflict {
  action: Action;
  before: OrderDetailFragment;
  now: OrderDetailFragment;
}

export interface OrderActions {
  isBusy: boolean;
  conflict: Conflict | null;
  /** Returns whether the action took effect. */
  run: (action: Action) => Promise<boolean>;
  /** Sends the action of a conflict again, on what the order is now. */
  runAgain: () => Promise<boolean>;
  dismiss: () => void;
}

export function useOrderActions(order: OrderDetailFragment): OrderActions {
  const { t } = useAdminI18n();
  const tell = useToast();
  const ask = useAsk(AdminOrderPageDocument);
  const [isBusy, setBusy] = useState(false);
  const [conflict, setConflict] = useState<Conflict | null>(null);
  const proved = useProof();

  async function conclude(action: Action, outcome: Outcome): Promise<boolean> {
    if (outcome.message === undefined) {
      tell(action.done);
      return true;
    }
    if (outcome.__typename === "ConflictProblem") {
      const { order: now } = await ask({ id: order.id });
      if (now) setConflict({ action, before: order, now });
    } else if (outcome.__typename !== "ReauthenticationProblem") {
      tell(outcome.message, "bad");
    }
    return false;
  }

  async function attempt(action: Action, version: number): Promise<boolean> {
    setBusy(true);
    try {
      return await conclude(action, await proved(() => action.send(version)));
    } catch (error) {
      tell(t(`ui.trouble.${troubleOf(error)}`), "bad");
      return false;
    } finally {
      setBusy(false);
    }
  }

  function dismiss(): void {
    setConflict(null);
  }

  return {
    isBusy,
    conflict,
    dismiss,
    run(action) {
      dismiss();
      return attempt(action, order.version);
    },
    async runAgain() {
      dismiss();
      return conflict === null ? false : attempt(conflict.action, conflict.now.version);
    },
  };
}
