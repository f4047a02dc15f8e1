/** The entry point of the app on a device. */
import { registerRootComponent } from "expo";
import { Root } from "./src/Root";
import { addWhatIsMissing } from "./src/polyfills";

addWhatIsMissing();
registerRootComponent(Root);
