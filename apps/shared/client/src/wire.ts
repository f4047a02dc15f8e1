/** One operation over HTTP, sent as the id of a trusted document. */
import type { DocumentTypeDecoration } from "@graphql-typed-document-node/core";

/** Where the graph is, and how requests reach it. */
export interface Wire {
  url: string;
  /** Whether a cookie keeps the refresh token, which only pages of the router's own origin can have. */
  hasCookie: boolean;
  fetch: typeof fetch;
}

/** What pages of the router use. */
export const PAGE_WIRE: Wire = { url: "/graphql", hasCookie: true, fetch: (input, init) => fetch(input, init) };

/** A document that codegen made: its text, and its id in `__meta__.hash`. */
export interface Document<Result, Variables> extends DocumentTypeDecoration<Result, Variables> {
  __meta__?: Record<string, unknown> | undefined;
  toString(): string;
}

export interface GraphError {
  message: string;
  extensions?: { code?: string; fields?: { path: string; code: string; message: string }[] };
}

/** The router answered, with errors and without data. */
export class RefusedError extends Error {
  readonly errors: readonly GraphError[];

  constructor(errors: readonly GraphError[]) {
    super(errors[0]?.message ?? "The answer holds no data.");
    this.errors = errors;
  }
}

/** The id under which the router knows a document: `sha256:` and the hash of its text. */
export function idOf(document: Document<unknown, never>): string {
  const id = document.__meta__?.["hash"];
  if (typeof id !== "string") throw new Error("Only operations have an id.");
  return id;
}

/**
 * The headers of a request for a viewer; without a token, for an anonymous one. The one of the session keeps the refresh
 * token in a cookie, and off the answers.
 */
export function headersOf(
  { hasCookie }: Wire,
  token: string | null,
  accept = "application/graphql-response+json",
): Record<string, string> {
  return {
    "content-type": "application/json",
    accept,
    ...(hasCookie && { "x-petplus-session": "cookie" }),
    ...(token !== null && { authorization: `Bearer ${token}` }),
  };
}

/** Sends an operation. Throws TypeError where nobody answers, and RefusedError for an answer without data. */
export type Send = <Result, Variables>(
  document: Document<Result, Variables>,
  variables: Variables,
  token?: string | null,
) => Promise<Result>;

/** Makes the function that sends over a wire. */
export function sendOver(wire: Wire): Send {
  return async <Result, Variables>(document: Document<Result, Variables>, variables: Variables, token: string | null = null) => {
    const body = JSON.stringify({ documentId: idOf(document), variables });
    const response = await wire.fetch(wire.url, { method: "POST", headers: headersOf(wire, token), body });
    const { data, errors = [] } = (await response.json()) as { data?: Result; errors?: GraphError[] };
    if (data === undefined || data === null) throw new RefusedError(errors);
    return data;
  };
}
