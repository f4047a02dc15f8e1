/** GraphiQL, with what it lacks: a log-in, the cost of each answer, and a log of the stream that runs. */
import { GraphiQL } from "graphiql";
import { useEffect, useState } from "react";
import { EventLog } from "./EventLog";
import { createFetcher } from "./fetcher";
import { FilledVariables } from "./FilledVariables";
import { Monitor } from "./monitor";
import { ACCOUNTS, DemoSession } from "./session";
import { useStore } from "./store";
import { TABS } from "./tabs";
import { WrappedLines } from "./WrappedLines";

export function App() {
  const [session] = useState(() => new DemoSession());
  const [monitor] = useState(() => new Monitor());
  const [fetcher] = useState(() => createFetcher(session, monitor));
  useEffect(() => void session.resume(), [session]);
  return (
    <div className="page">
      <header className="bar">
        <h1>All Pet Plus</h1>
        <LogIn session={session} />
        <CostOfAnswer monitor={monitor} />
      </header>
      <main>
        <GraphiQL fetcher={fetcher} defaultTabs={TABS} defaultEditorToolsVisibility="variables" shouldPersistHeaders>
          <GraphiQL.Logo>{null}</GraphiQL.Logo>
          <GraphiQL.Footer>
            <WrappedLines />
            <FilledVariables session={session} />
            <EventLog monitor={monitor} />
          </GraphiQL.Footer>
        </GraphiQL>
      </main>
    </div>
  );
}

function LogIn({ session }: { session: DemoSession }) {
  const { account, isBusy, failure } = useStore(session.store);
  return (
    <label aria-busy={isBusy}>
      Log in as{" "}
      <select
        value={account ?? ""}
        disabled={isBusy}
        onChange={({ target }) => void session.become(ACCOUNTS.find((each) => each === target.value) ?? null)}
      >
        <option value="">nobody</option>
        {ACCOUNTS.map((each) => (
          <option key={each} value={each}>
            {each}
          </option>
        ))}
      </select>
      {failure && <span role="alert"> {failure}</span>}
    </label>
  );
}

function CostOfAnswer({ monitor }: { monitor: Monitor }) {
  const { cost } = useStore(monitor.store);
  return (
    <p role="status">
      {cost && `Cost ${cost.requested} of at most ${cost.maximum}; ${cost.available} left in the budget`}
    </p>
  );
}
