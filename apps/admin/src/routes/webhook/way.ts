/** The way of a delivery from its signature to the frame that a browser gets, step by step. */
import type { DeliveryDetailFragment } from "../../gql";

/** `none`: the way ends before it. */
export type Progress = "done" | "failed" | "waiting" | "none";

export interface Step {
  name: "signature" | "stored" | "event" | "change" | "push";
  progress: Progress;
  /** When it was done; null where it is not, or where that was not kept. */
  at: string | null;
  /** Milliseconds since the step before; null where one of the two times is not known. */
  sinceMs: number | null;
}

type Delivery = Pick<
  DeliveryDetailFragment,
  "verdict" | "state" | "events" | "receivedAt" | "storedAt" | "processedAt" | "timeline"
>;
type Entry = NonNullable<DeliveryDetailFragment["timeline"]>[number];

/** When an entry was recorded: for those of before that was kept, when it happened. */
export function recordedAt({ recordedAt: recorded, at }: Entry): string {
  return recorded ?? at;
}

const APPLICATION: Readonly<Record<Delivery["state"], Progress>> = {
  RECEIVED: "waiting",
  PROCESSED: "done",
  FAILED: "waiting",
  DEAD: "failed",
  IGNORED: "none",
  REJECTED: "none",
};

/** `pushes` are the times of the frames that this page got, by version of the order. */
export function wayOf(delivery: Delivery, pushes: ReadonlyMap<number, string>): readonly Step[] {
  const application = APPLICATION[delivery.state];
  const [entry] = delivery.timeline ?? [];
  const push = entry && pushes.get(entry.version);
  const following = application === "waiting" || delivery.events.length > 0 ? "waiting" : "none";
  const steps = [
    ["signature", delivery.verdict === "VERIFIED" ? "done" : "failed", delivery.receivedAt],
    ["stored", "done", delivery.storedAt],
    ["event", application, delivery.processedAt],
    ["change", entry ? "done" : following, entry ? recordedAt(entry) : null],
    ["push", push ? "done" : following, push ?? null],
  ] as const;
  return steps.map(([name, progress, at], index) => ({ name, progress, at, sinceMs: between(steps[index - 1]?.[2], at) }));
}

function between(before: string | null | undefined, after: string | null): number | null {
  return before && after ? Date.parse(after) - Date.parse(before) : null;
}
