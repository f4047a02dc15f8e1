/** A guest's order, followed by its token. */
import { useGraph } from "@petplus/client";
import { ErrorPanel, Skeleton } from "@petplus/ui";
import type { ReactNode } from "react";
import { WebMailedOrderDocument, type GuestOrderPartsFragment } from "../gql";
import { useShopI18n } from "../i18n";
import { OrderView } from "./OrderView";
import { PayPanel } from "./PayPanel";
import { useOrderStatus, withChanges } from "./useOrderStatus";

interface FollowedProps {
  order: GuestOrderPartsFragment;
  payUrl: string | null;
  onChange: () => void;
}

export function FollowedGuestOrder({ order, payUrl, onChange }: FollowedProps) {
  const { orderId, version, trackingToken } = order;
  const shown = withChanges(order, useOrderStatus({ orderId, version, trackingToken }, onChange));
  return (
    <OrderView order={shown}>
      {shown.status === "PENDING" && (
        <PayPanel orderId={orderId} trackingToken={trackingToken} owed={order.total} payUrl={payUrl} />
      )}
    </OrderView>
  );
}

/** The order of a link in a mail. `otherwise` is shown where the token opens nothing any more. */
export function MailedOrder({ token, otherwise }: { token: string; otherwise: ReactNode }) {
  const { t } = useShopI18n();
  const answer = useGraph(WebMailedOrderDocument, { token });
  const order = answer.data?.orderByToken;
  if (order) return <FollowedGuestOrder order={order} payUrl={null} onChange={answer.refetch} />;
  if (answer.isLoading) return <Skeleton lines={3} height="6rem" />;
  if (answer.error) return <ErrorPanel error={answer.error} onRetry={answer.refetch} />;
  return (
    <>
      <p className="narrow" role="alert">
        {t("track.expired")}
      </p>
      {otherwise}
    </>
  );
}
