/** The query of a screen, which is asked again when the viewer comes back to the app. */
import { troubleOf, useGraph, type Answer } from "@petplus/client";
import { useEffect, useEffectEvent } from "react";
import { AppState } from "react-native";
import { texts } from "./texts";

type Query<Result, Variables extends object> = Parameters<typeof useGraph<Result, Variables>>[0];

interface ScreenAnswer<Result> extends Answer<Result> {
  /** Why nothing can be shown; undefined while something may still come. */
  trouble: string | undefined;
}

export function useScreen<Result, Variables extends object>(
  document: Query<Result, Variables>,
  variables: Variables,
): ScreenAnswer<Result> {
  const answer = useGraph(document, variables);
  const refetch = useEffectEvent(answer.refetch);
  useEffect(() => {
    const watching = AppState.addEventListener("change", (state) => {
      if (state === "active") refetch();
    });
    return () => watching.remove();
  }, []);
  return { ...answer, trouble: troubleIn(answer) };
}

/** As long as nobody answers, the cache alone does: with null for what it does not have. */
function troubleIn({ data, error }: Pick<Answer<unknown>, "data" | "error">): string | undefined {
  if (error) return texts.trouble(troubleOf(error));
  return data === null ? texts.trouble("offline") : undefined;
}
