/** The graph in React: who is logged in, and typed hooks for queries, mutations and subscriptions. */
import { createContext, useContext, useEffect, useState, useSyncExternalStore, type ReactNode } from "react";
import { Provider, useClient, useQuery, useSubscription, type CombinedError, type RequestPolicy } from "urql";
import { createGraph, documentOf, type GraphSettings } from "./client";
import { LiveStatus } from "./live";
import type { Session, SessionState } from "./session";
import type { Document } from "./wire";

const SessionContext = createContext<Session | null>(null);
const LiveContext = createContext(new LiveStatus());

/** What a client is made of beside the session, for a viewer whose id may not be known yet. */
export type SettingsOf = (viewerId: string | null) => Omit<GraphSettings, "session" | "live">;

interface GraphProviderProps {
  session: Session;
  /** Whose kept answers are shown where nobody says who the viewer is. */
  lastViewerId?: string | null;
  settingsOf?: SettingsOf;
  children: ReactNode;
}

const NO_SETTINGS: SettingsOf = () => ({});

/** Gives what is inside a session and a client. It is drawn once the viewer is known, and anew for another viewer. */
export function GraphProvider({ session, lastViewerId = null, settingsOf = NO_SETTINGS, children }: GraphProviderProps) {
  const { status, viewer } = useSyncExternalStore(session.subscribe, () => session.state);
  const [isUnanswered, setUnanswered] = useState(false);
  useEffect(() => {
    // Where nobody answers, the first query tells of it.
    if (session.state.status === "starting") void session.renew().catch(() => setUnanswered(true));
  }, [session]);
  if (status === "starting" && !isUnanswered) return null;
  const viewerId = viewer?.id ?? (status === "starting" ? lastViewerId : null);
  return (
    <SessionContext value={session}>
      <ViewersGraph key={viewerId ?? "anonymous"} session={session} settings={() => settingsOf(viewerId)}>
        {children}
      </ViewersGraph>
    </SessionContext>
  );
}

interface ViewersGraphProps {
  session: Session;
  settings: () => ReturnType<SettingsOf>;
  children: ReactNode;
}

/** A client of one viewer: nothing of another's is in its cache. */
function ViewersGraph({ session, settings, children }: ViewersGraphProps) {
  const [live] = useState(() => new LiveStatus());
  const [client] = useState(() => createGraph({ session, live, ...settings() }));
  return (
    <LiveContext value={live}>
      <Provider value={client}>{children}</Provider>
    </LiveContext>
  );
}

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (session === null) throw new Error("useSession is used outside of GraphProvider.");
  return session;
}

export function useSessionState(): SessionState {
  const session = useSession();
  return useSyncExternalStore(session.subscribe, () => session.state);
}

/** Whether the page's streams are connected. */
export function useIsLive(): boolean {
  const live = useContext(LiveContext);
  return useSyncExternalStore(live.subscribe, () => live.isConnected);
}

export interface Answer<Result> {
  data: Result | undefined;
  error: CombinedError | undefined;
  /** Nothing can be shown yet. */
  isLoading: boolean;
  /** Something is shown, and newer data are on their way. */
  isStale: boolean;
  /** Asks the router again. */
  refetch: () => void;
}

interface QueryOptions {
  pause?: boolean;
  policy?: RequestPolicy;
}

/** Runs a query, and again when its variables change. */
export function useGraph<Result, Variables extends object>(
  document: Document<Result, Variables>,
  variables: Variables,
  { pause = false, policy = "cache-and-network" }: QueryOptions = {},
): Answer<Result> {
  const [{ data, error, fetching, stale }, execute] = useQuery({
    query: documentOf(document),
    variables: variables as Variables & Record<string, unknown>,
    pause,
    requestPolicy: policy,
  });
  return {
    data,
    error,
    isLoading: !data && !error && !pause,
    isStale: stale || fetching,
    refetch: () => execute({ requestPolicy: "network-only" }),
  };
}

/** Follows a subscription; `onResult` is called once for each result. */
export function useFollow<Result, Variables extends object>(
  document: Document<Result, Variables>,
  variables: Variables,
  onResult: (result: Result) => void,
  { pause = false }: { pause?: boolean } = {},
): { error: CombinedError | undefined } {
  const [{ error }] = useSubscription<Result, undefined, Variables & Record<string, unknown>>(
    { query: documentOf(document), variables: variables as Variables & Record<string, unknown>, pause },
    (_, result) => {
      onResult(result);
      return undefined;
    },
  );
  return { error };
}

/** A function that sends a mutation. Throws CombinedError where it was not answered. */
export function useAct<Result, Variables extends object>(
  document: Document<Result, Variables>,
): (variables: Variables) => Promise<Result> {
  const client = useClient();
  return async (variables) => {
    const given = variables as Variables & Record<string, unknown>;
    const { data, error } = await client.mutation(documentOf(document), given).toPromise();
    if (data) return data;
    throw error ?? new Error("The answer holds no data.");
  };
}

/** A function that asks once, such as for what is sent with a mutation. */
export function useAsk<Result, Variables extends object>(
  document: Document<Result, Variables>,
): (variables: Variables) => Promise<Result> {
  const client = useClient();
  return async (variables) => {
    const given = variables as Variables & Record<string, unknown>;
    const policy = { requestPolicy: "network-only" as const };
    const { data, error } = await client.query(documentOf(document), given, policy).toPromise();
    if (data) return data;
    throw error ?? new Error("The answer holds no data.");
  };
}
