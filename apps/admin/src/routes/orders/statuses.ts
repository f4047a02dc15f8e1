/** The statuses of orders, in the order in which most orders pass through them. */
import type { OrderStatus } from "../../gql";

export const STATUSES: readonly OrderStatus[] = [
  "PENDING",
  "PAID",
  "IN_PRODUCTION",
  "PARTIALLY_SHIPPED",
  "SHIPPED",
  "OUT_FOR_DELIVERY",
  "READY_FOR_PICKUP",
  "DELIVERED",
  "ON_HOLD",
  "CANCELLED",
  "REFUNDED",
  "RETURNED",
];
