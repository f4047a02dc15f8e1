/** The parts of what a search finds, in the order in which they are shown, each with the scope that opens it. */
import type { Scope } from "../../access";

export interface Part {
  name: "orders" | "users" | "allDesigns" | "webhookDeliveries";
  scope: Scope;
}

export const PARTS: readonly Part[] = [
  { name: "orders", scope: "orders:read" },
  { name: "users", scope: "users:read" },
  { name: "allDesigns", scope: "designs:read" },
  { name: "webhookDeliveries", scope: "webhooks:read" },
];
