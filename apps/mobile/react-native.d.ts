/**
 * What the screens use of react-native, for the checks of this workspace, which does not install it: react-native-web
 * has no types. `make test-mobile` holds the screens against react-native's own.
 */
declare module "react-native" {
  import type { ComponentType, ReactNode } from "react";

  interface Style {
    [property: string]: string | number | undefined;
  }

  export type ViewStyle = Style;
  export type TextStyle = Style;

  interface Named {
    role?: "alert" | "banner" | "button" | "heading" | "link" | "list" | "listitem" | "main" | "navigation" | "status";
    "aria-level"?: number;
    "aria-label"?: string;
    "aria-busy"?: boolean;
    "aria-live"?: "polite";
    children?: ReactNode;
    style?: Style | Style[];
  }

  interface Pressing extends Named {
    onPress: () => void;
    disabled?: boolean;
  }

  interface Typing extends Named {
    value: string;
    onChangeText: (text: string) => void;
    onSubmitEditing?: () => void;
    secureTextEntry?: boolean;
    autoCapitalize?: "none";
    autoComplete?: "username" | "current-password" | "one-time-code";
    inputMode?: "email";
  }

  interface Scrolling extends Named {
    contentContainerStyle?: Style;
  }

  interface Pictured {
    source: { uri: string };
    alt: string;
    style: Style;
  }

  export const View: ComponentType<Named>;
  export const Text: ComponentType<Named>;
  export const Pressable: ComponentType<Pressing>;
  export const TextInput: ComponentType<Typing>;
  export const ScrollView: ComponentType<Scrolling>;
  export const Image: ComponentType<Pictured>;
  export const Linking: { openURL(url: string): Promise<void> };
  export const AppState: {
    addEventListener(kind: "change", listener: (state: string) => void): { remove(): void };
  };
  export function useColorScheme(): "light" | "dark" | "unspecified" | null | undefined;
}
