"""Pays orders at the simulated provider, and delivers what it tells, by the doors of customers and of Stripe."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

import httpx
import orjson
import stripe

from shared.security.pseudonyms import Pseudonymizer
from shared.security.sealing import Sealer
from subgraphs.order.enums import PaymentProviderKind
from subgraphs.order.jobs import JOBS
from subgraphs.order.payments.port import PaymentRequest, ProviderPayment, ProviderRefund, RefundRequest
from subgraphs.order.payments.simulated import SimulatedProvider
from subgraphs.order.payments.simulated_events import SimulatedDeliveries
from subgraphs.webhook.service.translation import stripe as translator
from subgraphs.webhook.service.translation.source import Source
from tests.order.facts import receive, reconcile
from tests.support.apps import Served
from tests.webhook.senders import STRIPE_SECRET

GOOD, DECLINED, CONFIRMED, DISPUTED = "4242424242424242", "4000000000000002", "4000002500003155", "4000000000000259"
PAY = """
mutation ($input: OrderPayInput!) {
  orderPay(input: $input) {
    __typename
    ... on OrderPaySuccess { payment { provider clientSecret publishableKey url amount { amount currencyCode } } }
    ... on Problem { code message }
  }
}
"""


class ScriptedProvider:
    """The simulated provider, but for what it is told to answer to refunds, and to a cancellation."""

    kind, publishable_key = PaymentProviderKind.SIMULATED, None

    def __init__(
        self, order: Served, *refunds: ProviderRefund | Exception, cancellation: Exception | None = None
    ) -> None:
        self._provider = order.runtime.resource(SimulatedProvider)
        self._refunds = list(refunds)
        self._cancellation = cancellation
        self.asked: list[RefundRequest] = []

    def url_of(self, payment: ProviderPayment) -> str | None:
        return self._provider.url_of(payment)

    async def create(self, request: PaymentRequest) -> ProviderPayment:
        return await self._provider.create(request)

    async def find(self, payment_id: str) -> ProviderPayment:
        return await self._provider.find(payment_id)

    async def cancel(self, payment_id: str) -> bool:
        if self._cancellation is not None:
            raise self._cancellation
        return await self._provider.cancel(payment_id)

    async def refund(self, request: RefundRequest) -> ProviderRefund:
        self.asked.append(request)
        answer = self._refunds.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


async def start(order: Served, token: str | None, order_id: str, tracking: str | None = None) -> Any:
    """Ask for the payment of an order; returns it, or the problem."""
    given = {"orderId": order_id} | ({"trackingToken": tracking} if tracking is not None else {})
    result = (await order.execute(PAY, token, input=given)).data["orderPay"]
    return result.get("payment", result)


def id_of(payment: Mapping[str, Any]) -> str:
    """Return the provider's id of a payment that was started."""
    return str(payment["clientSecret"]).partition("_secret_")[0]


async def at_provider(order: Served, payment: Mapping[str, Any], **given: str) -> httpx.Response:
    """Send something to the simulated provider about a payment, as an app does."""
    body = {"secret": payment["clientSecret"]} | given
    return await order.client.post(f"/simulated-payments/{id_of(payment)}", json=body)


async def pay(order: Served, payment: Mapping[str, Any], card: str = GOOD) -> Any:
    """Pay with a test card, and have the provider tell of it."""
    answer = (await at_provider(order, payment, card=card)).json()
    await deliver_webhooks(order)
    return answer


async def take_jobs(order: Served, name: str) -> list[dict[str, Any]]:
    """Take the jobs of a kind off the queue, also those that are due later; returns their payloads."""
    async with order.database.read() as connection:
        jobs = await connection.exec_driver_sql(
            "DELETE FROM pgqueuer WHERE entrypoint = $1 RETURNING id, payload", (name,)
        )
        return [orjson.loads(job.payload) for job in sorted(jobs, key=lambda job: job.id)]


async def work(order: Served, name: str) -> int:
    """Do the jobs of a kind, as the worker does; returns how many."""
    [does] = [work for job, work in JOBS.items() if job.name == name]
    payloads = await take_jobs(order, name)
    for payload in payloads:
        await does(order.runtime, payload)
    return len(payloads)


async def webhooks_of(order: Served) -> list[Any]:
    """Take the webhooks that the provider wants to deliver: signed, and read by Stripe's SDK."""
    posted: list[bytes] = []

    def take(request: httpx.Request) -> httpx.Response:
        given = request.headers["stripe-signature"]
        stripe.Webhook.construct_event(request.content, given, STRIPE_SECRET.decode())
        posted.append(request.content)
        return httpx.Response(200)

    async with httpx.AsyncClient(transport=httpx.MockTransport(take)) as client:
        deliveries = SimulatedDeliveries(order.database, client, "http://webhook", STRIPE_SECRET.decode())
        for payload in await take_jobs(order, "simulated-payment-webhook"):
            await deliveries.deliver(payload["event_id"])
    return [orjson.loads(body) for body in posted]


async def deliver_webhooks(order: Served, times: int = 1) -> list[str]:
    """Deliver the provider's webhooks as the webhook subgraph and the bus do, each so often; returns their topics."""
    events = await webhooks_of(order)
    for event in events * times:
        await receive_webhook(order, event)
    return [event["type"] for event in events]


async def receive_webhook(order: Served, event: Mapping[str, Any]) -> None:
    """Have the order subgraph hear of a webhook of Stripe's."""
    source = Source(
        delivery_id=f"whd_{event['id']}",
        name="STRIPE",
        topic=event["type"],
        shop=None,
        occurred_at=dt.datetime.fromtimestamp(event["created"], dt.UTC),
        digests=order.runtime.resource(Pseudonymizer),
        sealer=order.runtime.resource(Sealer),
    )
    await receive(order, *translator.translate(source, event))
    await reconcile(order)
