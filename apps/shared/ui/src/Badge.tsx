/** A word about a state, in the colour of what it means. */
import "./Badge.css";

export type Tone = "good" | "bad" | "warn" | "info" | "plain";

export function Badge({ tone = "plain", children }: { tone?: Tone; children: string }) {
  return <span className={`badge badge-${tone}`}>{children}</span>;
}

const ORDER_TONES: Readonly<Record<string, Tone>> = {
  PENDING: "plain",
  PAID: "info",
  IN_PRODUCTION: "info",
  PARTIALLY_SHIPPED: "info",
  SHIPPED: "info",
  OUT_FOR_DELIVERY: "info",
  READY_FOR_PICKUP: "info",
  DELIVERED: "good",
  ON_HOLD: "warn",
  CANCELLED: "bad",
  REFUNDED: "bad",
  RETURNED: "warn",
};

/** The tone of an order's status. */
export function toneOfOrder(status: string): Tone {
  return ORDER_TONES[status] ?? "plain";
}
