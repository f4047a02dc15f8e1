/** The colours of `tokens.css`, which react-native cannot read; `theme.test.ts` compares them. */
import { useColorScheme } from "react-native";

const LIGHT = {
  paper: "#faf8f4",
  surface: "#ffffff",
  line: "#e0dad0",
  edge: "#857d70",
  ink: "#1f2521",
  muted: "#5c5f58",
  accent: "#1d5f49",
  "on-accent": "#ffffff",
  good: "#1d5f49",
  "good-soft": "#e0f1e8",
  warn: "#7a4a00",
  "warn-soft": "#fbefd9",
  bad: "#9c2f1f",
  "bad-soft": "#fbe7e3",
  info: "#2a4f8f",
  "info-soft": "#e6edf9",
};

export type Colours = Readonly<typeof LIGHT>;

const DARK: Colours = {
  paper: "#151816",
  surface: "#1d211f",
  line: "#363d39",
  edge: "#7c877f",
  ink: "#eef1ee",
  muted: "#a9b3ac",
  accent: "#86d3b2",
  "on-accent": "#0e221a",
  good: "#8fd9b6",
  "good-soft": "#1d3a2f",
  warn: "#f2c27b",
  "warn-soft": "#40311a",
  bad: "#ffab9b",
  "bad-soft": "#47231d",
  info: "#a9c6fb",
  "info-soft": "#222f47",
};

export const THEMES = { light: LIGHT, dark: DARK };

/** The colours that go with the setting of the device. */
export function useColours(): Colours {
  return useColorScheme() === "dark" ? DARK : LIGHT;
}
