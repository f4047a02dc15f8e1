"""What this subgraph does in the background."""

import datetime as dt

from shared.jobs.jobs import Jobs, NoPayload
from shared.live import entity_changes
from shared.runtime import Runtime
from shared.security.pseudonyms import Pseudonymizer
from shared.security.sealing import Sealer
from subgraphs.order.payments.simulated_events import SimulatedDeliveries
from subgraphs.order.service import privacy, suppression
from subgraphs.order.service.carts.retention import remove_expired_carts
from subgraphs.order.service.fulfillment import Fulfillment
from subgraphs.order.service.job_types import (
    CART_RETENTION,
    CHANGE_RETENTION,
    FULFILLMENT,
    GUEST_ERASURE,
    MAIL_RETENTION,
    NOTIFICATION,
    PAYMENT_CLOSING,
    PAYMENT_EXPIRY,
    RECONCILIATION,
    REFUND_SENDING,
    SETTLEMENT,
    SHOP_ERASURE,
    SIMULATED_DELIVERY,
    ChangePayload,
    EventPayload,
    FactPayload,
    OrderPayload,
    PersonPayload,
    RefundPayload,
    ShopPayload,
)
from subgraphs.order.service.notification import Notifier
from subgraphs.order.service.payment_expiry import PaymentExpiry
from subgraphs.order.service.payments import Payments, close_payments
from subgraphs.order.service.reconciliation import OrderReconciler
from subgraphs.order.service.refund_sending import RefundSender


async def fulfill_order(runtime: Runtime, payload: OrderPayload) -> None:
    """Take a paid order's next step: to production, and to its parcel."""
    await runtime.resource(Fulfillment).advance(payload["order_id"])


async def notify_customer(runtime: Runtime, payload: ChangePayload) -> None:
    """Mail one change of an order's status."""
    await runtime.resource(Notifier).notify(payload["order_id"], payload["version"])


async def erase_guest(runtime: Runtime, payload: PersonPayload) -> None:
    """Erase a person from what they ordered as a guest."""
    await privacy.forget_guest(runtime.database, runtime.resource(Pseudonymizer), payload["email_digest"])


async def erase_shop(runtime: Runtime, payload: ShopPayload) -> None:
    """Erase the customers whom a shop had until it had them forgotten."""
    named = payload.get("redacted_at")
    at = dt.datetime.now(dt.UTC) if named is None else dt.datetime.fromisoformat(named)
    await privacy.forget_shop(runtime.database, runtime.resource(Sealer), payload["shop"], at)


async def reconcile_order(runtime: Runtime, payload: FactPayload) -> None:
    """Bring an order to where all facts about it put it."""
    await runtime.resource(OrderReconciler).reconcile(payload["fact_id"])


async def end_payments(runtime: Runtime, payload: OrderPayload) -> None:
    """Cancel the payments of an order that are not to be made any more."""
    await close_payments(runtime.database, runtime.resource(Payments), payload["order_id"])


async def expire_order(runtime: Runtime, payload: OrderPayload) -> None:
    """Cancel an order that is not paid in time."""
    await runtime.resource(PaymentExpiry).look(payload["order_id"])


async def send_refund(runtime: Runtime, payload: RefundPayload) -> None:
    """Have a refund made by the providers that took the money."""
    await runtime.resource(RefundSender).send(payload["refund_id"])


async def deliver_simulated(runtime: Runtime, payload: EventPayload) -> None:
    """Deliver a webhook of the simulated payment provider."""
    await runtime.resource(SimulatedDeliveries).deliver(payload["event_id"])


async def remove_expired(runtime: Runtime, _payload: NoPayload) -> None:
    """Drop what is kept of addresses that may be mailed again."""
    await suppression.remove_expired(runtime.database)


async def remove_carts(runtime: Runtime, _payload: NoPayload) -> None:
    """Remove carts that have expired."""
    await remove_expired_carts(runtime.database)


async def remove_old_changes(runtime: Runtime, _payload: NoPayload) -> None:
    """Delete what apps no longer catch up from."""
    await entity_changes.forget_old(runtime.database)


JOBS: Jobs = dict(
    [
        FULFILLMENT.does(fulfill_order),
        NOTIFICATION.does(notify_customer),
        MAIL_RETENTION.does(remove_expired),
        CART_RETENTION.does(remove_carts),
        CHANGE_RETENTION.does(remove_old_changes),
        GUEST_ERASURE.does(erase_guest),
        SHOP_ERASURE.does(erase_shop),
        RECONCILIATION.does(reconcile_order),
        SETTLEMENT.does(reconcile_order),
        PAYMENT_CLOSING.does(end_payments),
        PAYMENT_EXPIRY.does(expire_order),
        REFUND_SENDING.does(send_refund),
        SIMULATED_DELIVERY.does(deliver_simulated),
    ]
)
