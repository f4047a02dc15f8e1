/** The themes of the graph by their names in the browser. */
import type { Theme } from "./gql";

export const THEME_NAMES = { SYSTEM: "system", LIGHT: "light", DARK: "dark" } as const satisfies Record<Theme, string>;
