/** One operation, sent as text over HTTP. */

export const GRAPH = "/graphql";

export interface Cost {
  requested: number;
  maximum: number;
  available: number;
}

export interface Result {
  data?: unknown;
  errors?: { message: string }[];
  extensions?: { cost?: Cost };
}

export interface Operation {
  query: string;
  operationName?: string | null;
  variables?: unknown;
}

export async function send(operation: Operation, headers: Record<string, string> = {}): Promise<Result> {
  const response = await fetch(GRAPH, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/json", ...headers },
    body: JSON.stringify(operation),
  });
  return (await response.json()) as Result;
}

export function bearer(token: string | null): Record<string, string> {
  return token === null ? {} : { authorization: `Bearer ${token}` };
}
