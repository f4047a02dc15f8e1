/** What the apps share of the graph: session, client, streams, problems and formats. */
export { browserSession } from "./browser";
export { createFormats, type Formats, type Money } from "./format";
export { createPasskey, hasPasskeys } from "./passkeys";
export { byField, isProblem, troubleOf, type FieldProblem, type Problem, type Trouble } from "./problems";
export {
  GraphProvider,
  useAct,
  useAsk,
  useFollow,
  useGraph,
  useIsLive,
  useSession,
  useSessionState,
  type Answer,
  type SettingsOf,
} from "./react";
export type { GraphSettings } from "./client";
export { follow, growingPause, type StreamResult } from "./follow";
export { Session, type SessionState, type Viewer } from "./session";
export type { SessionMark } from "./session-mark";
export { PAGE_WIRE, sendOver, type Wire } from "./wire";
