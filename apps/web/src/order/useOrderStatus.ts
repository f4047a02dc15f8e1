/** Follows an order: each change is shown as it comes, and then what else it brought is fetched. */
import { useFollow } from "@petplus/client";
import { useState } from "react";
import { WebOrderStatusDocument, type WebOrderStatusSubscription } from "../gql";
import type { ShownOrder } from "./OrderView";

type Change = WebOrderStatusSubscription["orderStatusChanged"];

interface Followed {
  orderId: string;
  version: number;
  trackingToken: string | null;
}

/** Puts the changes that came by the stream on top of what was fetched before them. */
export function withChanges<Order extends ShownOrder & { version: number }>(order: Order, changes: readonly Change[]): Order {
  const newer = changes.filter(({ version }) => version > order.version);
  const last = newer.at(-1);
  if (last === undefined) return order;
  const entries = newer.map((change) => ({ ...change, __typename: "OrderTimelineEntry" as const, id: `${change.version}` }));
  return { ...order, status: last.status, version: last.version, timeline: [...order.timeline, ...entries] };
}

export function useOrderStatus({ orderId, version, trackingToken }: Followed, onChange: () => void): readonly Change[] {
  // The stream begins after the version that was fetched first, and goes on by itself. Each look-up gives another token.
  const [first] = useState({ afterVersion: version, trackingToken });
  const [changes, setChanges] = useState<readonly Change[]>([]);
  useFollow(WebOrderStatusDocument, { orderId, ...first }, ({ orderStatusChanged: change }) => {
    setChanges((before) => [...before, change]);
    onChange();
  });
  return changes;
}
