/**
 * Follows all orders. The cache puts each change into the rows that are shown; which rows belong to the list is asked of
 * the graph, once for all changes that come together.
 */
import { useFollow } from "@petplus/client";
import { useEffect, useRef, useState } from "react";
import { AdminLiveOrdersDocument } from "../../gql";

const TOGETHER_MS = 400;

/** Returns the versions of the orders that changed while the page was open, by id. */
export function useLiveOrders(afterCursor: string, refetch: () => void): ReadonlyMap<string, number> {
  const [fresh, setFresh] = useState<ReadonlyMap<string, number>>(new Map());
  const latest = useRef(refetch);
  useEffect(() => {
    latest.current = refetch;
  });
  useEffect(() => {
    if (fresh.size === 0) return undefined;
    const timer = setTimeout(() => latest.current(), TOGETHER_MS);
    return () => clearTimeout(timer);
  }, [fresh]);
  useFollow(AdminLiveOrdersDocument, { afterCursor }, ({ orderFeed: { change } }) => {
    setFresh((before) => new Map(before).set(change.order.id, change.version));
  });
  return fresh;
}
