"""The payment provider of development: takes no money, keeps books of its own, and tells of them as Stripe does."""

import hashlib
import hmac
from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from shared.core import base64url
from shared.core.ids import new_id
from shared.database.database import Database
from shared.database.rows import one, one_or_none
from shared.runtime import Runtime
from subgraphs.order.enums import PaymentProviderKind, PaymentState, SimulatedPaymentState
from subgraphs.order.payment_models import SimulatedPayment, SimulatedRefund
from subgraphs.order.payments import simulated_events as events
from subgraphs.order.payments.port import (
    PaymentRequest,
    ProviderPayment,
    ProviderRefund,
    ProviderRefused,
    RefundRequest,
)

PATH = "/simulated-payments/"
DISPUTE_SECONDS = 10.0
"""How long after the payment the dispute of a card is told."""
OPEN, ACTION = SimulatedPaymentState.REQUIRES_PAYMENT_METHOD, SimulatedPaymentState.REQUIRES_ACTION
SUCCEEDED, CANCELED = SimulatedPaymentState.SUCCEEDED, SimulatedPaymentState.CANCELED
DECLINED, UNCONFIRMED = "card_declined", "payment_intent_authentication_failure"
_MAC_BYTES = 16
_STATES = {SUCCEEDED: PaymentState.TAKEN, CANCELED: PaymentState.CANCELLED}
_PAYMENT, _REFUND = SimulatedPayment.__table__, SimulatedRefund.__table__


@dataclass(frozen=True)
class TestCard:
    """A card by which something is tried. Stripe has the same numbers."""

    number: str
    outcome: str
    failure: str | None = None
    needs_action: bool = False
    is_disputed: bool = False


CARDS = (
    TestCard("4242424242424242", "The payment succeeds."),
    TestCard("4000000000000002", "The card is declined.", failure=DECLINED),
    TestCard("4000002500003155", "The payment must be confirmed (3-D Secure).", needs_action=True),
    TestCard("4000000000000259", "The payment succeeds, and is disputed later.", is_disputed=True),
)
CARD_BY_NUMBER = {card.number: card for card in CARDS}


class SimulatedProvider:
    """Takes payments of test cards."""

    kind = PaymentProviderKind.SIMULATED
    publishable_key: str | None = None

    def __init__(self, database: Database, key: bytes, url: str) -> None:
        """`url` is the address before the page of a payment."""
        self._database = database
        self._key = key
        self._url = url

    @classmethod
    def from_runtime(cls, runtime: Runtime) -> "SimulatedProvider":
        """Make the provider of a running subgraph, whose page the subgraph serves itself."""
        settings = runtime.settings
        url = f"http://{settings.host}:{settings.port_of('order')}"
        return cls(runtime.database, settings.derive_key("simulated payments"), url)

    def url_of(self, payment: ProviderPayment) -> str | None:
        return f"{self._url}{PATH}{payment.id}?secret={payment.client_secret}"

    async def create(self, request: PaymentRequest) -> ProviderPayment:
        values = {
            "id": new_id("pi"),
            "key": request.key,
            "order_id": request.order_id,
            "number": request.number,
            "amount_minor": request.amount_minor,
            "currency": request.currency,
            "state": OPEN,
            "charge_id": new_id("ch"),
        }
        async with self._database.write() as session:
            await session.execute(insert(_PAYMENT).values(values).on_conflict_do_nothing(index_elements=["key"]))
            made = select(_PAYMENT).where(_PAYMENT.c.key == request.key)
            return self._shown(await one(session, SimulatedPayment, made))

    async def find(self, payment_id: str) -> ProviderPayment:
        async with self._database.read() as connection:
            found = select(_PAYMENT).where(_PAYMENT.c.id == payment_id)
            return self._shown(_known(await one_or_none(connection, SimulatedPayment, found)))

    async def cancel(self, payment_id: str) -> bool:
        async with self._database.write() as session:
            payment = await _locked(session, payment_id)
            if payment.state is SUCCEEDED:
                return False
            await _change(session, payment, state=CANCELED)
            return True

    async def refund(self, request: RefundRequest) -> ProviderRefund:
        async with self._database.write() as session:
            payment = await _locked(session, request.payment_id)
            made = select(_REFUND).where(_REFUND.c.key == request.key)
            known = await one_or_none(session, SimulatedRefund, made)
            if known is not None:
                return ProviderRefund(known.id)
            left = payment.amount_minor - payment.refunded_minor if payment.state is SUCCEEDED else 0
            if request.amount_minor > left:
                raise ProviderRefused("charge_already_refunded" if left == 0 else "refund_amount_too_large")
            values = {
                "id": new_id("re"),
                "key": request.key,
                "payment_id": payment.id,
                "refund_id": request.refund_id,
                "amount_minor": request.amount_minor,
            }
            refund = await one(session, SimulatedRefund, insert(_REFUND).values(values).returning(*_REFUND.c))
            payment = await _change(session, payment, refunded_minor=payment.refunded_minor + refund.amount_minor)
            await events.publish(session, "charge.refunded", events.charge(payment))
            await events.publish(session, "refund.updated", events.refund(payment, refund))
        return ProviderRefund(refund.id)

    async def opened(self, payment_id: str, secret: str) -> SimulatedPayment | None:
        """Return the payment that a client has the secret of; None for a wrong one."""
        if not hmac.compare_digest(self._secret(payment_id).encode(), secret.encode()):
            return None
        async with self._database.read() as connection:
            return await one_or_none(connection, SimulatedPayment, select(_PAYMENT).where(_PAYMENT.c.id == payment_id))

    async def pay(self, payment_id: str, card: TestCard) -> SimulatedPayment:
        """Try to pay with a card; a payment that is paid or cancelled stays as it is."""
        async with self._database.write() as session:
            payment = await _locked(session, payment_id)
            if payment.state in (SUCCEEDED, CANCELED):
                return payment
            if card.needs_action:
                return await _change(session, payment, state=ACTION, failure=None)
            if card.failure is not None:
                return await _fail(session, payment, card.failure)
            payment = await _succeed(session, payment)
            if card.is_disputed:
                about = events.dispute(payment)
                await events.publish(session, "charge.dispute.created", about, delay=DISPUTE_SECONDS)
            return payment

    async def confirm(self, payment_id: str, *, approved: bool) -> SimulatedPayment:
        """Answer as the payer whose bank asks, by 3-D Secure, whether the payment is theirs."""
        async with self._database.write() as session:
            payment = await _locked(session, payment_id)
            if payment.state is not ACTION:
                return payment
            return await (_succeed(session, payment) if approved else _fail(session, payment, UNCONFIRMED))

    def _shown(self, payment: SimulatedPayment) -> ProviderPayment:
        return ProviderPayment(payment.id, self._secret(payment.id), _STATES.get(payment.state, PaymentState.OPEN))

    def _secret(self, payment_id: str) -> str:
        mac = hmac.digest(self._key, payment_id.encode(), hashlib.sha256)[:_MAC_BYTES]
        return f"{payment_id}_secret_{base64url.encode(mac)}"


async def _succeed(session: AsyncSession, payment: SimulatedPayment) -> SimulatedPayment:
    payment = await _change(session, payment, state=SUCCEEDED, failure=None)
    await events.publish(session, "payment_intent.succeeded", events.payment_intent(payment))
    return payment


async def _fail(session: AsyncSession, payment: SimulatedPayment, why: str) -> SimulatedPayment:
    payment = await _change(session, payment, state=OPEN, failure=why)
    await events.publish(session, "payment_intent.payment_failed", events.payment_intent(payment))
    return payment


async def _change(session: AsyncSession, payment: SimulatedPayment, **values: object) -> SimulatedPayment:
    changed = update(_PAYMENT).where(_PAYMENT.c.id == payment.id).values(values).returning(*_PAYMENT.c)
    return await one(session, SimulatedPayment, changed)


async def _locked(session: AsyncSession, payment_id: str) -> SimulatedPayment:
    wanted = select(_PAYMENT).where(_PAYMENT.c.id == payment_id).with_for_update()
    return _known(await one_or_none(session, SimulatedPayment, wanted))


def _known(payment: SimulatedPayment | None) -> SimulatedPayment:
    if payment is None:
        raise ProviderRefused("resource_missing")
    return payment
