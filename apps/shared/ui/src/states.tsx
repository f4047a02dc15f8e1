/** What a page shows when it has nothing to show: loading, empty, failed, offline. */
import { troubleOf, useIsLive, type Answer } from "@petplus/client";
import { useSyncExternalStore, type ReactNode } from "react";
import { Button } from "./Button";
import { useI18n } from "./i18n";
import "./states.css";

/** Grey lines in the place of what is coming. */
export function Skeleton({ lines = 3, height = "1rem" }: { lines?: number; height?: string }) {
  const { t } = useI18n();
  return (
    <div className="skeleton" role="status" aria-label={t("ui.loading")}>
      {Array.from({ length: lines }, (_, line) => (
        <span key={line} style={{ height }} />
      ))}
    </div>
  );
}

interface EmptyProps {
  title: string;
  /** Whether it is all that the page says. */
  isPage?: boolean;
  children?: ReactNode;
}

/** There is nothing, and what to do about it. */
export function Empty({ title, isPage = false, children }: EmptyProps) {
  const Heading = isPage ? "h1" : "h2";
  return (
    <div className="state">
      {isPage && <title>{title}</title>}
      <Heading>{title}</Heading>
      {children}
    </div>
  );
}

/** It failed: why, and a way to try again. */
export function ErrorPanel({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const { t } = useI18n();
  return (
    <div className="state state-bad" role="alert">
      <p>{t(`ui.trouble.${troubleOf(error)}`)}</p>
      {onRetry && <Button onClick={onRetry}>{t("ui.retry")}</Button>}
    </div>
  );
}

interface LoadedProps<Result> {
  answer: Answer<Result>;
  skeleton?: ReactNode;
  children: (data: Result) => ReactNode;
}

/** Shows the data of a query, or why there are none yet. Data that cannot be renewed stay. */
export function Loaded<Result>({ answer, skeleton, children }: LoadedProps<Result>) {
  if (answer.data) return children(answer.data);
  if (answer.error) return <ErrorPanel error={answer.error} onRetry={answer.refetch} />;
  return skeleton ?? <Skeleton />;
}

function subscribeToNetwork(listener: () => void): () => void {
  addEventListener("online", listener);
  addEventListener("offline", listener);
  return () => {
    removeEventListener("online", listener);
    removeEventListener("offline", listener);
  };
}

/** Says that the browser is offline, or that streams are being reconnected. */
export function ConnectionBanner() {
  const { t } = useI18n();
  const isOnline = useSyncExternalStore(subscribeToNetwork, () => navigator.onLine);
  const isLive = useIsLive();
  return (
    <div role="status" className="connection">
      {!isOnline ? t("ui.offline") : !isLive ? t("ui.connecting") : null}
    </div>
  );
}
