/** The way to the payment. The page of the provider opens beside this one, which moves on when the payment arrives. */
import { isProblem, troubleOf, useAct, type Money } from "@petplus/client";
import { Button, ButtonLink, Failure } from "@petplus/ui";
import { useState } from "react";
import { WebOrderPaymentDocument } from "../gql";
import { useShopI18n } from "../i18n";

interface PayPanelProps {
  orderId: string;
  /** A guest's proof; null for a customer. */
  trackingToken: string | null;
  owed: Money;
  /** The payment that checkout began. */
  payUrl: string | null;
}

export function PayPanel({ orderId, trackingToken, owed, payUrl }: PayPanelProps) {
  const { t, formats } = useShopI18n();
  const begin = useAct(WebOrderPaymentDocument);
  const [url, setUrl] = useState(payUrl);
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string>();
  const label = t("order.pay", { price: formats.money(owed) });

  async function beginPayment(): Promise<void> {
    setBusy(true);
    setFailure(undefined);
    try {
      const { orderPay } = await begin({ input: { orderId, trackingToken } });
      if (isProblem(orderPay)) setFailure(orderPay.message);
      else setUrl(orderPay.payment.url);
    } catch (error) {
      setFailure(t(`ui.trouble.${troubleOf(error)}`));
    } finally {
      setBusy(false);
    }
  }

  return (
    <section className="card stack order-pay" aria-label={label}>
      <p>{t("order.payHint")}</p>
      <Failure text={failure} />
      <div>
        {url === null ? (
          <Button look="primary" isBusy={isBusy} onClick={() => void beginPayment()}>
            {label}
          </Button>
        ) : (
          <ButtonLink look="primary" href={url} target="_blank" rel="noopener noreferrer">
            {label}
          </ButtonLink>
        )}
      </div>
    </section>
  );
}
