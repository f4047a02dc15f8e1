/** A modal dialog: the browser's own, which keeps the focus inside and closes by Escape. */
import { useId, useLayoutEffect, useRef, type ReactNode } from "react";
import { useI18n } from "./i18n";
import "./Dialog.css";

/** Shown as long as it is rendered; `onClose` must stop rendering it. */
export function Dialog({ title, onClose, children }: { title: string; onClose: () => void; children: ReactNode }) {
  const { t } = useI18n();
  const shown = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  // Before it leaves the page: the browser gives the focus back to where it was then.
  useLayoutEffect(() => {
    const dialog = shown.current;
    dialog?.showModal();
    return () => dialog?.close();
  }, []);
  return (
    <dialog ref={shown} className="dialog" aria-labelledby={titleId} onCancel={(event) => (event.preventDefault(), onClose())}>
      <header className="row apart">
        <h2 id={titleId}>{title}</h2>
        <button type="button" className="dialog-close" aria-label={t("ui.close")} onClick={onClose}>
          ×
        </button>
      </header>
      {children}
    </dialog>
  );
}
