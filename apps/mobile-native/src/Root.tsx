/** The app on a device: drawn once what is kept has been read. */
import { useEffect, useState } from "react";
import { BackHandler, SafeAreaView } from "react-native";
import { App, begin, type Run } from "../../mobile/src/App";
import { useColours } from "../../mobile/src/look/theme";
import { device, paths } from "./device";

export function Root() {
  const [run, setRun] = useState<Run>();
  const { paper } = useColours();
  useEffect(() => {
    void begin(device).then(setRun);
    const back = BackHandler.addEventListener("hardwareBackPress", () => paths.back());
    return () => back.remove();
  }, []);
  return <SafeAreaView style={{ flex: 1, backgroundColor: paper }}>{run && <App run={run} />}</SafeAreaView>;
}
