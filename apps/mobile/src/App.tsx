/** The app: what is around its screens, in the browser and on a device alike. */
import { GraphProvider, useSession, useSessionState, type Session, type SettingsOf, type Wire } from "@petplus/client";
import { createContext, useContext, useEffect, useEffectEvent, useSyncExternalStore } from "react";
import { View } from "react-native";
import { Connection } from "./connection";
import { KeptAnswers, type TextStore } from "./kept";
import { Note, TextLink } from "./look/parts";
import { useColours } from "./look/theme";
import { PlaceProvider, usePlace, type PathKeeper } from "./places";
import { DesignScreen } from "./screens/Design";
import { HomeScreen } from "./screens/Home";
import { LogInScreen } from "./screens/LogIn";
import { OrderScreen } from "./screens/Order";
import { texts } from "./texts";

/** What the device gives the app. */
export interface Device {
  /** How the viewer recognises it in the list of sessions. */
  name: string;
  wire: Wire;
  sessionOver: (wire: Wire) => Session;
  store: TextStore;
  paths: PathKeeper;
}

/** The parts of one run of the app. */
export interface Run {
  device: Device;
  session: Session;
  wire: Wire;
  kept: KeptAnswers;
  connection: Connection;
}

/** What a visitor sees is kept under this, in place of a viewer's id. */
const VISITOR = "visitor";

/** Reads what is kept, and puts the parts together. */
export async function begin(device: Device): Promise<Run> {
  const kept = await KeptAnswers.open(device.store);
  const connection = new Connection(() => {
    kept.askAgain();
    if (session.state.status === "starting") void session.renew().catch(() => undefined);
  });
  const wire = connection.watch(device.wire);
  const session = device.sessionOver(wire);
  session.subscribe(() => {
    if (session.state.status === "signedOut" && kept.viewerId !== VISITOR) void kept.forget();
  });
  return { device, session, wire, kept, connection };
}

const RunContext = createContext<Run | null>(null);

function useRun(): Run {
  const run = useContext(RunContext);
  if (run === null) throw new Error("useRun is used outside of App.");
  return run;
}

/** What the client of a viewer is made of. Of a session whose viewer is not known yet, nothing is kept. */
function settingsOf({ session, kept, wire }: Run, viewerId: string | null): ReturnType<SettingsOf> {
  const owner = viewerId ?? (session.state.status === "signedOut" ? VISITOR : null);
  return { wire, ...(owner !== null && { storage: kept.storageOf(owner) }) };
}

export function App({ run }: { run: Run }) {
  const { session, kept, device } = run;
  return (
    <RunContext value={run}>
      <PlaceProvider keeper={device.paths}>
        <GraphProvider
          session={session}
          lastViewerId={kept.viewerId === VISITOR ? null : kept.viewerId}
          settingsOf={(viewerId) => settingsOf(run, viewerId)}
        >
          <Frame />
        </GraphProvider>
      </PlaceProvider>
    </RunContext>
  );
}

function Frame() {
  const { paper, line } = useColours();
  const [place, go] = usePlace();
  const { status } = useSessionState();
  const session = useSession();
  return (
    <View style={{ flex: 1, backgroundColor: paper }}>
      <View
        role="banner"
        style={{ flexDirection: "row", justifyContent: "space-between", paddingHorizontal: 16, borderColor: line, borderBottomWidth: 1 }}
      >
        <TextLink label={place.screen === "home" ? texts.shop : texts.home} onPress={() => go({ screen: "home" })} />
        {status === "signedOut" ? (
          <TextLink label={texts.logIn} onPress={() => go({ screen: "logIn" })} />
        ) : (
          <TextLink label={texts.logOut} onPress={() => void session.logOut().catch(() => undefined)} />
        )}
      </View>
      <ConnectionNote />
      <CurrentScreen />
    </View>
  );
}

/** Says that what is shown may be old. */
function ConnectionNote() {
  const { connection, kept } = useRun();
  const isUp = useSyncExternalStore(connection.subscribe, () => connection.isUp);
  if (isUp) return null;
  return (
    <View style={{ paddingHorizontal: 16, paddingTop: 8 }}>
      <Note tone="warn" role="status">
        {kept.at === null ? texts.notKept : texts.kept(kept.at)}
      </Note>
    </View>
  );
}

function CurrentScreen() {
  const { device } = useRun();
  const [place, go] = usePlace();
  const { status } = useSessionState();
  const isLoggedIn = place.screen === "logIn" && status === "signedIn";
  const goHome = useEffectEvent(() => go({ screen: "home" }));
  useEffect(() => {
    if (isLoggedIn) goHome();
  }, [isLoggedIn]);
  if (isLoggedIn) return null;
  if (place.screen === "home") return <HomeScreen />;
  if (place.screen === "logIn" || status === "signedOut") return <LogInScreen device={device.name} />;
  if (place.screen === "design") return <DesignScreen key={place.id} id={place.id} />;
  return <OrderScreen key={place.id} id={place.id} />;
}
