/** Puts the ids of an order and a design into the variables of the tab that is shown. */
import { useGraphiQL } from "@graphiql/react";
import { useEffect, useState } from "react";
import { filled, findRecent, type Recent } from "./recent";
import type { DemoSession } from "./session";
import { useStore } from "./store";

const FILLED_IN = "petplus-graphiql-filled-in";

/** The ids that were put in before, also by earlier visits: the shop may have other data by now. */
function filledIn(): string[] {
  return (localStorage.getItem(FILLED_IN) ?? "").split(" ").filter(Boolean);
}

export function FilledVariables({ session }: { session: DemoSession }) {
  const { account } = useStore(session.store);
  const { activeTabIndex, variableEditor } = useGraphiQL(({ activeTabIndex, variableEditor }) => ({ activeTabIndex, variableEditor }));
  const [recent, setRecent] = useState<Recent>();
  const [replaceable, setReplaceable] = useState<ReadonlySet<string>>(() => new Set(filledIn()));

  useEffect(() => {
    if (account === null) return;
    const stopping = new AbortController();
    async function find(of: NonNullable<typeof account>): Promise<void> {
      const found = await findRecent(of, await session.token());
      if (stopping.signal.aborted) return;
      // Staff see the orders of customers, but not the other way round.
      if (of === "customer") setReplaceable(new Set(filledIn()));
      setRecent(found);
    }
    void find(account).catch(() => undefined);
    return () => stopping.abort();
  }, [account, session]);

  useEffect(() => {
    if (!variableEditor || !recent) return;
    const ids = new Set([recent.orderId, recent.designId]);
    const text = filled(variableEditor.getValue(), recent, new Set([...replaceable].filter((id) => !ids.has(id))));
    if (text === null) return;
    variableEditor.setValue(text);
    const kept = new Set([...filledIn(), ...[...ids].filter((id) => id !== null)]);
    localStorage.setItem(FILLED_IN, [...kept].join(" "));
    // Another tab has other variables in the same editor.
    // oxlint-disable-next-line react/exhaustive-effect-dependencies
  }, [activeTabIndex, variableEditor, recent, replaceable]);

  return null;
}
