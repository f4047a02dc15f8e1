/** An order and a design that the account can see, and the variables of tabs that are about one. */
import { bearer, send } from "./graph";
import type { Account } from "./session";

export interface Recent {
  orderId: string | null;
  version: number | null;
  designId: string | null;
}

interface Orders {
  nodes: { id: string; version: number; lines: { design: { id: string } | null }[] }[];
}

const PARTS = "nodes { id version lines { design { id } } }";
const OF_CUSTOMERS = `query GraphiqlRecent { me {
  paid: orders(filter: { status: [PAID] }, first: 1) { ${PARTS} }
  any: orders(first: 1) { ${PARTS} }
} }`;
const OF_STAFF = `query GraphiqlRecentOfAll {
  paid: orders(filter: { status: [PAID] }, first: 1) { ${PARTS} }
  any: orders(first: 1) { ${PARTS} }
}`;

/** Returns what is there: an order that can be moved on, if there is one. */
export async function findRecent(account: Account, token: string | null): Promise<Recent> {
  const { data } = await send({ query: account === "customer" ? OF_CUSTOMERS : OF_STAFF }, bearer(token));
  const found = (account === "customer" ? (data as { me: unknown } | undefined)?.me : data) as Record<"paid" | "any", Orders | null> | undefined;
  const order = found?.paid?.nodes[0] ?? found?.any?.nodes[0];
  const designId = order?.lines.find(({ design }) => design)?.design?.id ?? null;
  return { orderId: order?.id ?? null, version: order?.version ?? null, designId };
}

/**
 * The text of variables with ids put in where there is none, or one of `replaceable`. Null where nothing is to be put in.
 * The version beside an order's id goes with it.
 */
export function filled(text: string, { orderId, version, designId }: Recent, replaceable: ReadonlySet<string>): string | null {
  let isChanged = false;

  function isOpen(value: unknown): boolean {
    return value === "" || (typeof value === "string" && replaceable.has(value));
  }

  function fill(value: unknown): unknown {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
    const given = Object.fromEntries(Object.entries(value).map(([name, each]) => [name, fill(each)]));
    const ids: Record<string, unknown> = {};
    if (orderId !== null && isOpen(given["orderId"])) Object.assign(ids, { orderId, ...("version" in given && { version }) });
    if (designId !== null && isOpen(given["designId"])) ids["designId"] = designId;
    isChanged ||= Object.keys(ids).length > 0;
    return { ...given, ...ids };
  }

  try {
    const all = fill(JSON.parse(text));
    return isChanged ? JSON.stringify(all, null, 2) : null;
  } catch {
    return null;
  }
}
