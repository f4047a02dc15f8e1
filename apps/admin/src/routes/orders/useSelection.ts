/** Which orders of a list are selected, as they were seen when they were. */
import { useState } from "react";
import type { OrderRowFragment } from "../../gql";

export interface Selection {
  orders: readonly OrderRowFragment[];
  has: (id: string) => boolean;
  toggle: (order: OrderRowFragment) => void;
  /** Selects no other orders than these. */
  keep: (ids: ReadonlySet<string>) => void;
}

export function useSelection(): Selection {
  const [selected, setSelected] = useState<ReadonlyMap<string, OrderRowFragment>>(new Map());
  return {
    orders: [...selected.values()],
    has: (id) => selected.has(id),
    toggle(order) {
      const next = new Map(selected);
      if (!next.delete(order.id)) next.set(order.id, order);
      setSelected(next);
    },
    keep: (ids) => setSelected(new Map([...selected].filter(([id]) => ids.has(id)))),
  };
}
