/** An order, which moves as the workshop moves it: a customer's own, or a guest's by the token of a mailed link. */
import { isProblem, useAct, useGraph, useSessionState } from "@petplus/client";
import { Button, Dialog, ErrorPanel, Loaded, Skeleton, useToast } from "@petplus/ui";
import { useState } from "react";
import { Redirect } from "wouter";
import { useHistoryState } from "wouter/use-browser-location";
import { WebOrderCancellationDocument, WebOrderPageDocument, type WebOrderPageQuery } from "../../gql";
import { useShopI18n } from "../../i18n";
import { mailedToken } from "../../mailed-token";
import { MailedOrder } from "../../order/GuestOrder";
import { OrderView } from "../../order/OrderView";
import { PayPanel } from "../../order/PayPanel";
import { useOrderStatus, withChanges } from "../../order/useOrderStatus";
import { LookUpForm } from "../track/Page";

type Order = NonNullable<WebOrderPageQuery["order"]>;

export function OrderPage({ id }: { id: string }) {
  const { status } = useSessionState();
  const [token] = useState(mailedToken);
  const answer = useGraph(WebOrderPageDocument, { id }, { pause: status !== "signedIn" });
  if (status === "signedOut" && token !== null) return <MailedOrder token={token} otherwise={<LookUpForm />} />;
  if (status === "signedOut") return <Redirect to={`/log-in?next=${encodeURIComponent(`/orders/${id}`)}`} />;
  return (
    <Loaded answer={answer} skeleton={<Skeleton lines={3} height="6rem" />}>
      {({ order }) =>
        order ? <FollowedOrder order={order} onChange={answer.refetch} /> : <ErrorPanel error={answer.error} onRetry={answer.refetch} />
      }
    </Loaded>
  );
}

function FollowedOrder({ order, onChange }: { order: Order; onChange: () => void }) {
  const state = useHistoryState<{ payUrl?: string | null } | null>();
  const followed = { orderId: order.id, version: order.version, trackingToken: null };
  const shown = withChanges(order, useOrderStatus(followed, onChange));
  return (
    <OrderView order={shown}>
      {shown.status === "PENDING" && (
        <PayPanel orderId={order.id} trackingToken={null} owed={order.owed} payUrl={state?.payUrl ?? null} />
      )}
      {order.cancellable && shown.version === order.version && <CancelButton order={order} />}
    </OrderView>
  );
}

function CancelButton({ order }: { order: Order }) {
  const { t } = useShopI18n();
  const cancel = useAct(WebOrderCancellationDocument);
  const tell = useToast();
  const [isAsking, setAsking] = useState(false);

  async function confirm(): Promise<void> {
    setAsking(false);
    const result = await cancel({ input: { orderId: order.id, version: order.version } }).catch(() => null);
    if (result === null) tell(t("ui.trouble.failed"), "bad");
    else if (isProblem(result.orderCancel)) tell(result.orderCancel.message, "bad");
    else tell(t("order.cancelled"));
  }

  return (
    <div>
      <Button isSmall onClick={() => setAsking(true)}>
        {t("order.cancel")}
      </Button>
      {isAsking && (
        <Dialog title={t("order.cancel")} onClose={() => setAsking(false)}>
          <p>{t("order.cancelSure")}</p>
          <div className="row">
            <Button look="danger" onClick={() => void confirm()}>
              {t("order.cancel")}
            </Button>
            <Button onClick={() => setAsking(false)}>{t("ui.cancel")}</Button>
          </div>
        </Dialog>
      )}
    </div>
  );
}
