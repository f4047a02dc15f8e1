/** The components that the apps share, and their look. */
import "./tokens.css";
import "./base.css";

export { Badge, toneOfOrder, type Tone } from "./Badge";
export { Button, ButtonLink, buttonClass } from "./Button";
export { Dialog } from "./Dialog";
export { Failure } from "./Failure";
export { useFieldText, useForm, valuesOf, type Form } from "./forms";
export { Funnel, type Stage } from "./Funnel";
export { LogIn } from "./LogIn";
export { ChoiceField, SelectField, TextAreaField, TextField } from "./Field";
export { I18nProvider, UI_MESSAGES, createTranslate, useI18n, type Message, type Messages, type UiKey } from "./i18n";
export { ConnectionBanner, Empty, ErrorPanel, Loaded, Skeleton } from "./states";
export { ProofProvider, useProof } from "./Proof";
export { useDebounced } from "./useDebounced";
export { Table, TableFrame, TableRow, type Column } from "./Table";
export { applyTheme, chooseTheme, hasChosenTheme } from "./theme";
export { ThemeSelect } from "./ThemeSelect";
export { ToastProvider, useToast } from "./Toast";
