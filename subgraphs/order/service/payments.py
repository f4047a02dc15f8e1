"""Payments of orders: begun at the provider once for what an order costs, and ended there when nothing is to be paid.

A payment is noted before its provider is asked, and the provider is asked with the key of the note: whoever asks again,
after a crash or at the same time, gets the same payment. No transaction is open while the provider is asked.
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

from sqlalchemy import bindparam, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from shared.core.errors import IllegalState, Unavailable
from shared.core.ids import new_id
from shared.database.database import Database
from shared.database.rows import many, one
from shared.graph.money import CurrencyCode
from shared.runtime import Runtime
from subgraphs.order.enums import OrderStatus, PaymentProviderKind, PaymentState
from subgraphs.order.models import Order
from subgraphs.order.payment_models import OrderPayment
from subgraphs.order.payments.port import (
    PaymentProvider,
    PaymentRequest,
    ProviderAway,
    ProviderPayment,
    ProviderRefused,
)
from subgraphs.order.payments.simulated import SimulatedProvider
from subgraphs.order.service.bookkeeping import reported_about
from subgraphs.order.service.job_types import PAYMENT_CLOSING
from subgraphs.order.service.ledger import balance_of
from subgraphs.order.service.transitions import locked_order
from subgraphs.order.settings import PaymentSettings

MOST_CANCELLED = 20
"""Payments of one amount that may have been cancelled at the provider before another is refused."""
_PAYMENT = OrderPayment.__table__
_OF_ORDER = select(_PAYMENT).where(_PAYMENT.c.order_id == bindparam("order")).order_by(_PAYMENT.c.id)


class Payments:
    """The provider that takes payments, if there is one, and those that took some before."""

    def __init__(self, providers: Mapping[PaymentProviderKind, PaymentProvider], current: PaymentProviderKind | None):
        self._providers = providers
        self._current = current

    @classmethod
    @asynccontextmanager
    async def open(cls, runtime: Runtime) -> "AsyncIterator[Payments]":
        """Open the provider that the settings ask for; raises SettingsError."""
        given = PaymentSettings.load()
        given.check(runtime.settings)
        name = given.provider_of(runtime.settings)
        if name == "simulated":
            yield cls.only(runtime.resource(SimulatedProvider))
        elif name == "stripe":
            # Its SDK takes a tenth of a start to load.
            from subgraphs.order.payments.stripe import StripeProvider

            key = given.stripe_api_key.get_secret_value()
            stripe = StripeProvider(key, given.stripe_publishable_key, given.stripe_api_url)
            try:
                yield cls.only(stripe)
            finally:
                await stripe.close()
        else:
            yield cls({}, None)

    @classmethod
    def only(cls, provider: PaymentProvider) -> "Payments":
        """Take payments by one provider."""
        return cls({provider.kind: provider}, provider.kind)

    @property
    def current(self) -> PaymentProvider | None:
        """The provider of new payments; None where payments are left to staff."""
        return self._providers[self._current] if self._current is not None else None

    def of(self, kind: PaymentProviderKind) -> PaymentProvider | None:
        """Return a provider that took a payment; None where it is not in use any more."""
        return self._providers.get(kind)


@dataclass(frozen=True)
class StartedPayment:
    """A payment that a client can make: on the page `url`, or with the provider's own form."""

    provider: PaymentProviderKind
    client_secret: str
    publishable_key: str | None
    url: str | None
    amount_minor: int
    currency: CurrencyCode


async def start_payment(database: Database, payments: Payments, order: Order) -> StartedPayment:
    """Begin the payment of a placed order at the provider, or return the one that was begun for what it costs.

    Call it after the commit that placed the order, and outside of any transaction. Raises IllegalState where nothing is
    to be paid, and Unavailable where the provider is away or payments are not taken: the order stands, and it can be
    called again.
    """
    provider = payments.current
    if provider is None:
        raise Unavailable("This shop takes no payments here; its staff tell how to pay.")
    while True:
        noted, now = await _note(database, provider.kind, order.id)
        try:
            payment = await _ask(provider, noted, now)
        except ProviderAway as error:
            raise Unavailable("The payment provider does not answer; try again in a moment.") from error
        except ProviderRefused as error:
            raise IllegalState("The payment provider does not take a payment for this order.") from error
        if await _keep(database, noted, payment):
            break
    return StartedPayment(
        provider=provider.kind,
        client_secret=payment.client_secret,
        publishable_key=provider.publishable_key,
        url=provider.url_of(payment),
        amount_minor=noted.amount_minor,
        currency=noted.currency,
    )


async def _note(database: Database, kind: PaymentProviderKind, order_id: str) -> tuple[OrderPayment, Order]:
    """Return the row of the order's payment, made if there is none, and the order's."""
    async with database.write() as session:
        order = await locked_order(session, order_id)
        owed = _owed(order)
        rows = [
            row
            for row in await payments_of(session, order_id)
            if (row.provider, row.amount_minor, row.currency) == (kind, owed, order.currency)
        ]
        live = next((row for row in rows if row.state is not PaymentState.CANCELLED), None)
        if live is not None:
            return live, order
        if len(rows) >= MOST_CANCELLED:
            raise IllegalState("Too many payments of this order were cancelled.")
        # With the key of a payment that is cancelled the provider would answer with that one.
        again = f".{len(rows)}" if rows else ""
        values = {
            "id": new_id("pay"),
            "order_id": order_id,
            "key": f"{kind.value.lower()}.{order_id}.{owed}{again}",
            "provider": kind,
            "amount_minor": owed,
            "currency": order.currency,
            "state": PaymentState.OPEN,
        }
        return await one(session, OrderPayment, insert(_PAYMENT).values(values).returning(*_PAYMENT.c)), order


def _owed(order: Order) -> int:
    """Return what is to be paid of an order; raises IllegalState where nothing is."""
    if order.status is not OrderStatus.PENDING:
        raise IllegalState(f"An order that is {order.status.value} cannot be paid.")
    owed = balance_of(order).owed
    if owed == 0:
        raise IllegalState("Nothing is to be paid for this order.")
    return owed


async def _ask(provider: PaymentProvider, noted: OrderPayment, order: Order) -> ProviderPayment:
    if noted.provider_id is not None:
        return await provider.find(noted.provider_id)
    request = PaymentRequest(
        key=noted.key,
        order_id=order.id,
        number=order.number,
        amount_minor=noted.amount_minor,
        currency=noted.currency.value,
        email=order.contact_email,
        test=order.test,
    )
    return await provider.create(request)


async def _keep(database: Database, noted: OrderPayment, payment: ProviderPayment) -> bool:
    """Keep what the provider answered; returns whether the payment can still be made.

    Raises IllegalState where nothing is to be paid any more: then it is cancelled.
    """
    if noted.provider_id == payment.id and payment.state is not PaymentState.CANCELLED:
        return True
    async with database.write() as session:
        order = await locked_order(session, noted.order_id)
        values = {"provider_id": payment.id, "state": payment.state}
        await session.execute(update(_PAYMENT).where(_PAYMENT.c.id == noted.id).values(values))
        # Those of other amounts, and this one where the order has changed meanwhile.
        await PAYMENT_CLOSING.enqueue(session, {"order_id": order.id})
        is_payable = order.status is OrderStatus.PENDING and balance_of(order).owed == noted.amount_minor
    return is_payable and payment.state is not PaymentState.CANCELLED


async def payments_of(session: AsyncSession, order_id: str) -> list[OrderPayment]:
    """Return the payments that were begun for an order, oldest first."""
    return await many(session, OrderPayment, _OF_ORDER, {"order": order_id})


async def close_payments(database: Database, payments: Payments, order_id: str) -> None:
    """Cancel those payments of an order at their provider that are not to be made any more.

    Raises ProviderAway. What is paid all the same is entered into the order's books by the provider's webhook.
    """
    async with database.write() as session:
        order = await locked_order(session, order_id)
        reported = await reported_about(session, order)
        paid = [name for payment in reported.payments for name in payment.names]
        of_order = _PAYMENT.c.order_id == order_id
        taken = update(_PAYMENT).where(of_order, _PAYMENT.c.provider_id.in_(paid))
        await session.execute(taken.values(state=PaymentState.TAKEN))
        rows = await payments_of(session, order_id)
    owed = balance_of(order).owed if OrderStatus.PENDING in (order.status, order.held_from) else 0
    for row in rows:
        if row.state is PaymentState.OPEN and row.amount_minor != owed:
            await cancel_payment(database, payments, row)


async def cancel_payment(database: Database, payments: Payments, row: OrderPayment) -> bool:
    """Cancel a payment at its provider; False where it was paid, or nobody can be asked. Raises ProviderAway."""
    provider = payments.of(row.provider)
    if row.state is PaymentState.CANCELLED:
        return True
    if row.provider_id is None:
        # Its secret was given to nobody. If the provider is being asked now, the answer opens it again.
        cancelled = True
    elif provider is None:
        return False
    else:
        cancelled = await provider.cancel(row.provider_id)
    state = PaymentState.CANCELLED if cancelled else PaymentState.TAKEN
    same = func.coalesce(_PAYMENT.c.provider_id, "") == (row.provider_id or "")
    async with database.write() as session:
        await session.execute(update(_PAYMENT).where(_PAYMENT.c.id == row.id, same).values(state=state))
    return cancelled
