/** How far an order is, in the five steps that every order takes. */
import type { OrderStatus } from "../gql";
import { useShopI18n } from "../i18n";

const STEPS = ["PENDING", "PAID", "IN_PRODUCTION", "SHIPPED", "DELIVERED"] as const;
/** The step of a status that is none of them; what has stopped has no progress. */
const STEP_OF: Partial<Record<OrderStatus, (typeof STEPS)[number]>> = {
  PARTIALLY_SHIPPED: "IN_PRODUCTION",
  OUT_FOR_DELIVERY: "SHIPPED",
  READY_FOR_PICKUP: "SHIPPED",
};

export function Progress({ status }: { status: OrderStatus }) {
  const { t } = useShopI18n();
  const reached = STEPS.findIndex((step) => step === (STEP_OF[status] ?? status));
  if (reached < 0) return null;
  return (
    <ol className="order-progress">
      {STEPS.map((step, index) => (
        <li
          key={step}
          className={index <= reached ? "order-progress-done" : undefined}
          aria-current={index === reached ? "step" : undefined}
        >
          {t(`status.${step}`)}
        </li>
      ))}
    </ol>
  );
}
