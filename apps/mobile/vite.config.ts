/** The screens of the mobile app in the browser, served at `/mobile`: react-native-web stands in for react-native. */
import { settings } from "../vite.shared.ts";

const shared = settings({ folder: import.meta.dirname, base: "/mobile/", port: 4102 });

export default { ...shared, resolve: { alias: { "react-native": "react-native-web" } } };
