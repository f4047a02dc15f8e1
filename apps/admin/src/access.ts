/** What the viewer's role may do. What it may not do is absent from the pages. */
import { useSessionState } from "@petplus/client";

export type Scope =
  | "orders:read"
  | "orders:write"
  | "users:read"
  | "users:write"
  | "designs:read"
  | "designs:write"
  | "webhooks:read"
  | "webhooks:write"
  | "analytics:read"
  | "analytics:write"
  | "audit:read";

export function useCan(): (scope: Scope) => boolean {
  const { viewer } = useSessionState();
  return (scope) => viewer?.scopes.includes(scope) ?? false;
}
