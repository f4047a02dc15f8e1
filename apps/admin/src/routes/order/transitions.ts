/** Which actions staff are offered with an order. The graph says what is allowed, and has the last word. */
import type { OrderDetailFragment, OrderStatus } from "../../gql";

type Allowed = Pick<OrderDetailFragment, "allowedTransitions">;

/** These two have actions of their own: a hold, and a refund. */
const BY_OTHER_ACTIONS: ReadonlySet<OrderStatus> = new Set(["ON_HOLD", "REFUNDED"]);
/** A parcel may leave from production on. */
const SENDABLE: ReadonlySet<OrderStatus> = new Set([
  "IN_PRODUCTION",
  "PARTIALLY_SHIPPED",
  "SHIPPED",
  "OUT_FOR_DELIVERY",
  "READY_FOR_PICKUP",
  "DELIVERED",
  "RETURNED",
]);

export function movesOf({ allowedTransitions }: Allowed): OrderStatus[] {
  return allowedTransitions.map(({ to }) => to).filter((to) => !BY_OTHER_ACTIONS.has(to));
}

export function isHoldable({ allowedTransitions }: Allowed): boolean {
  return allowedTransitions.some(({ to }) => to === "ON_HOLD");
}

export function isSendable(status: OrderStatus): boolean {
  return SENDABLE.has(status);
}
