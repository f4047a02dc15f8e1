/** Short messages about what was just done. They are read out, and leave by themselves. */
import { createContext, useCallback, useContext, useEffect, useState, type ReactNode } from "react";
import { useI18n } from "./i18n";
import "./Toast.css";

type Tone = "good" | "bad";

interface Shown {
  id: number;
  text: string;
  tone: Tone;
}

type Tell = (text: string, tone?: Tone) => void;

const ToastContext = createContext<Tell>(() => undefined);
const SHOWN_MS = 6_000;
let nextId = 0;

export function ToastProvider({ children }: { children: ReactNode }) {
  const [shown, setShown] = useState<readonly Shown[]>([]);
  const tell = useCallback<Tell>((text, tone = "good") => {
    setShown((before) => [...before.slice(-2), { id: (nextId += 1), text, tone }]);
  }, []);
  const leave = useCallback((id: number) => setShown((before) => before.filter((each) => each.id !== id)), []);
  return (
    <ToastContext value={tell}>
      {children}
      <div className="toasts" role="status">
        {shown.map((toast) => (
          <Toast key={toast.id} {...toast} onLeave={leave} />
        ))}
      </div>
    </ToastContext>
  );
}

function Toast({ id, text, tone, onLeave }: Shown & { onLeave: (id: number) => void }) {
  const { t } = useI18n();
  useEffect(() => {
    const timer = setTimeout(() => onLeave(id), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [id, onLeave]);
  return (
    <div className={`toast toast-${tone}`}>
      <span>{text}</span>
      <button type="button" aria-label={t("ui.close")} onClick={() => onLeave(id)}>
        ×
      </button>
    </div>
  );
}

/** Returns the function that shows a message. */
export function useToast(): Tell {
  return useContext(ToastContext);
}
