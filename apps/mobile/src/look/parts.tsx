/** The parts that the screens are made of, in react-native alone. */
import type { ReactNode } from "react";
import { Image, Pressable, ScrollView, Text, TextInput, View, type TextStyle, type ViewStyle } from "react-native";
import { texts } from "../texts";
import { useColours, type Colours } from "./theme";

/** A screen: its title, and all that is on it. */
export function Screen({ title, children }: { title: string; children: ReactNode }) {
  const { ink, paper } = useColours();
  return (
    <ScrollView role="main" style={{ backgroundColor: paper, flex: 1 }} contentContainerStyle={{ padding: 16, gap: 16 }}>
      <Text role="heading" aria-level={1} style={{ color: ink, fontSize: 24, fontWeight: "700" }}>
        {title}
      </Text>
      {children}
    </ScrollView>
  );
}

export function Section({ title, children }: { title: string; children: ReactNode }) {
  const { ink } = useColours();
  return (
    <View style={{ gap: 8 }}>
      <Text role="heading" aria-level={2} style={{ color: ink, fontSize: 18, fontWeight: "600" }}>
        {title}
      </Text>
      {children}
    </View>
  );
}

interface WordsProps {
  look?: "plain" | "muted" | "strong";
  children: ReactNode;
}

export function Words({ look = "plain", children }: WordsProps) {
  const { ink, muted } = useColours();
  const own: TextStyle = look === "strong" ? { fontWeight: "600" } : {};
  return <Text style={{ color: look === "muted" ? muted : ink, fontSize: 16, ...own }}>{children}</Text>;
}

/** A list, and what stands in its place where it is empty. */
export function List({ isEmpty, empty, children }: { isEmpty: boolean; empty: string; children: ReactNode }) {
  if (isEmpty) return <Words look="muted">{empty}</Words>;
  return (
    <View role="list" style={{ gap: 8 }}>
      {children}
    </View>
  );
}

function useCard(): ViewStyle {
  const { surface, line } = useColours();
  return {
    backgroundColor: surface,
    borderColor: line,
    borderRadius: 10,
    borderWidth: 1,
    flexDirection: "row",
    alignItems: "center",
    gap: 12,
    padding: 12,
  };
}

interface RowProps {
  picture?: string | null;
  title: string;
  detail: string;
  aside?: ReactNode;
}

function RowContent({ picture, title, detail, aside }: RowProps) {
  return (
    <>
      {picture && <Image source={{ uri: picture }} alt="" style={{ width: 56, height: 56, borderRadius: 6 }} />}
      <View style={{ flex: 1, gap: 2 }}>
        <Words look="strong">{title}</Words>
        <Words look="muted">{detail}</Words>
      </View>
      {aside}
    </>
  );
}

/** An item of a list. */
export function Row(props: RowProps) {
  const card = useCard();
  return (
    <View role="listitem" style={card}>
      <RowContent {...props} />
    </View>
  );
}

/** An item of a list that leads somewhere. */
export function LinkRow({ onPress, ...props }: RowProps & { onPress: () => void }) {
  const card = useCard();
  return (
    <View role="listitem">
      <Pressable role="link" onPress={onPress} style={card}>
        <RowContent {...props} />
      </Pressable>
    </View>
  );
}

/** A label and what it amounts to. */
export function Amount({ label, amount, look = "plain" }: { label: string; amount: string; look?: "plain" | "strong" }) {
  return (
    <View role="listitem" style={{ flexDirection: "row", justifyContent: "space-between", gap: 12 }}>
      <Words look={look}>{label}</Words>
      <Words look={look}>{amount}</Words>
    </View>
  );
}

export function Button({ label, onPress, isBusy = false }: { label: string; onPress: () => void; isBusy?: boolean }) {
  const colours = useColours();
  const look: ViewStyle = { backgroundColor: colours.accent, borderRadius: 10, padding: 14, alignItems: "center" };
  return (
    <Pressable role="button" onPress={onPress} disabled={isBusy} aria-busy={isBusy} style={look}>
      <Text style={{ color: colours["on-accent"], fontSize: 16, fontWeight: "600" }}>{label}</Text>
    </Pressable>
  );
}

/** A way to somewhere else, as words. */
export function TextLink({ label, onPress }: { label: string; onPress: () => void }) {
  const { accent } = useColours();
  return (
    <Pressable role="link" onPress={onPress} style={{ paddingVertical: 10 }}>
      <Text style={{ color: accent, fontSize: 16, textDecorationLine: "underline" }}>{label}</Text>
    </Pressable>
  );
}

interface FieldProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
  onSubmit: () => void;
  kind: "email" | "password" | "code";
}

const FIELDS = {
  email: { autoComplete: "username", inputMode: "email" },
  password: { autoComplete: "current-password", secureTextEntry: true },
  code: { autoComplete: "one-time-code" },
} as const;

export function Field({ label, value, onChange, onSubmit, kind }: FieldProps) {
  const { edge, ink, surface } = useColours();
  const look: TextStyle = { borderColor: edge, borderRadius: 10, borderWidth: 1, color: ink, backgroundColor: surface };
  return (
    <View style={{ gap: 4 }}>
      <Words>{label}</Words>
      <TextInput
        {...FIELDS[kind]}
        aria-label={label}
        autoCapitalize="none"
        value={value}
        onChangeText={onChange}
        onSubmitEditing={onSubmit}
        style={{ ...look, fontSize: 16, padding: 12 }}
      />
    </View>
  );
}

export type Tone = "good" | "bad" | "warn" | "info";

/** A word or a sentence about a state, in the colour of what it means. */
export function Note({ tone, role, children }: { tone: Tone; role?: "status" | "alert"; children: string }) {
  const colours = useColours();
  const box: ViewStyle = { backgroundColor: colours[`${tone}-soft` as keyof Colours], borderRadius: 8, padding: 8 };
  return (
    <View style={{ ...box, alignSelf: "flex-start" }} {...(role && { role })}>
      <Text style={{ color: colours[tone], fontSize: 14, fontWeight: "600" }}>{children}</Text>
    </View>
  );
}

interface LoadedProps<Data> {
  data: Data | null | undefined;
  /** What to say where nothing can be shown. */
  trouble: string | undefined;
  children: (data: Data) => ReactNode;
}

/** What was loaded, and before that, or instead, a sentence. */
export function Loaded<Data>({ data, trouble, children }: LoadedProps<Data>) {
  if (data !== null && data !== undefined) return children(data);
  if (trouble === undefined) return <View aria-busy aria-label={texts.loading} role="status" style={{ height: 120 }} />;
  return (
    <Note tone="bad" role="alert">
      {trouble}
    </Note>
  );
}
