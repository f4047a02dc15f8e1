/** What a status means for who ordered. */
import type { OrderStatus } from "../gql";
import type { Tone } from "../look/parts";

const TONES: Partial<Record<OrderStatus, Tone>> = {
  DELIVERED: "good",
  ON_HOLD: "warn",
  RETURNED: "warn",
  CANCELLED: "bad",
  REFUNDED: "bad",
};

export function toneOf(status: OrderStatus): Tone {
  return TONES[status] ?? "info";
}
