"""What this subgraph does in the background."""

from typing import Any

from shared.jobs.jobs import Jobs
from shared.runtime import Runtime
from shared.security.pseudonyms import Pseudonymizer
from subgraphs.order.service import privacy
from subgraphs.order.service.fulfillment import Fulfillment
from subgraphs.order.service.job_types import FULFILLMENT, GUEST_ERASURE, NOTIFICATION, RECONCILIATION, SETTLEMENT
from subgraphs.order.service.notification import Notifier
from subgraphs.order.service.reconciliation import OrderReconciler


async def fulfill_order(runtime: Runtime, payload: dict[str, Any]) -> None:
    """Take a paid order's next step: to production, and to its parcel."""
    await runtime.resource(Fulfillment).advance(payload["order_id"])


async def notify_customer(runtime: Runtime, payload: dict[str, Any]) -> None:
    """Mail one change of an order's status."""
    await runtime.resource(Notifier).notify(payload["order_id"], payload["version"])


async def erase_guest(runtime: Runtime, payload: dict[str, Any]) -> None:
    """Erase a person from what they ordered as a guest."""
    await privacy.forget_guest(runtime.database, runtime.resource(Pseudonymizer), payload["email_digest"])


async def reconcile_order(runtime: Runtime, payload: dict[str, Any]) -> None:
    """Bring an order to where all that was told of it puts it."""
    await runtime.resource(OrderReconciler).reconcile(payload["fact_id"])


JOBS: Jobs = {
    FULFILLMENT: fulfill_order,
    NOTIFICATION: notify_customer,
    GUEST_ERASURE: erase_guest,
    RECONCILIATION: reconcile_order,
    SETTLEMENT: reconcile_order,
}
