/** What went wrong, in the form that forms and pages show: by field, or of what kind. */
import type { CombinedError } from "@urql/core";
import { RefusedError, type GraphError } from "./wire";

export interface FieldProblem {
  path: string;
  code: string;
  message: string;
}

export interface Problem {
  __typename: string;
  code: string;
  message: string;
  fields?: readonly FieldProblem[];
  currentVersion?: number;
}

/** Why a page cannot show what it is for. */
export type Trouble = "offline" | "denied" | "missing" | "limited" | "failed";

export function isProblem<Result extends { __typename: string }>(
  result: Result,
): result is Extract<Result, { code: string; message: string }> {
  return result.__typename.endsWith("Problem");
}

/** The refusals by the path of their field, without the `input.` that mutations put before it. */
export function byField(fields: readonly FieldProblem[] = []): ReadonlyMap<string, FieldProblem> {
  return new Map(fields.map((each) => [each.path.replace(/^input\./, ""), each]));
}

const TROUBLES: Readonly<Record<string, Trouble>> = {
  UNAUTHENTICATED: "denied",
  FORBIDDEN: "denied",
  NOT_FOUND: "missing",
  RATE_LIMITED: "limited",
};

function codesOf(error: unknown): string[] {
  const errors = (error as { graphQLErrors?: GraphError[] } | undefined)?.graphQLErrors;
  const listed = error instanceof RefusedError ? error.errors : (errors ?? []);
  return listed.map(({ extensions }) => extensions?.code ?? "");
}

/** Tells of what kind a failure is, whether urql or `send` threw it. */
export function troubleOf(error: unknown): Trouble {
  if (error instanceof TypeError || (error as CombinedError | undefined)?.networkError instanceof TypeError) return "offline";
  const known = codesOf(error).find((code) => code in TROUBLES);
  return known === undefined ? "failed" : (TROUBLES[known] ?? "failed");
}
