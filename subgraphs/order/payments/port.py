"""The port by which money is asked for and given back. Amounts are in minor units of their currency.

Whether money came in, went back or is disputed, providers tell by webhooks: what they answer here is never entered into
the books of an order.
"""

from dataclasses import dataclass
from typing import Protocol

from subgraphs.order.enums import PaymentProviderKind, PaymentState


class ProviderAway(Exception):
    """The provider does not answer, or not now: trying again later may help. Its text names no customer."""


class ProviderRefused(Exception):
    """The provider does not do what it was asked, however often; `code` is its word for why."""

    def __init__(self, code: str) -> None:
        super().__init__(f"the payment provider refused: {code}")
        self.code = code


@dataclass(frozen=True)
class PaymentRequest:
    """What is to be paid: asked for twice with one key, it is one payment. `test` orders take no real money."""

    key: str
    order_id: str
    number: str
    amount_minor: int
    currency: str
    email: str | None
    test: bool


@dataclass(frozen=True)
class ProviderPayment:
    """A payment as its provider has it. Who has its `client_secret` can pay it, and do nothing else."""

    id: str
    client_secret: str
    state: PaymentState


@dataclass(frozen=True)
class RefundRequest:
    """What a payment is to give back: asked for twice with one key, it is one refund."""

    key: str
    order_id: str
    refund_id: str
    payment_id: str
    amount_minor: int
    currency: str


@dataclass(frozen=True)
class ProviderRefund:
    """A refund that a provider has taken; a webhook tells what becomes of it."""

    id: str


class PaymentProvider(Protocol):
    """Takes payments. All of it raises ProviderAway or ProviderRefused, and is never called within a transaction."""

    @property
    def kind(self) -> PaymentProviderKind:
        """Return which one it is."""

    @property
    def publishable_key(self) -> str | None:
        """Return the key that its library needs in the client."""

    def url_of(self, payment: ProviderPayment) -> str | None:
        """Return the page on which a payment is made, where there is one; else the client shows the provider's form."""

    async def create(self, request: PaymentRequest) -> ProviderPayment:
        """Begin a payment. What was answered to the same key before is answered again."""

    async def find(self, payment_id: str) -> ProviderPayment:
        """Return a payment as it is now."""

    async def cancel(self, payment_id: str) -> bool:
        """Cancel a payment, also one that is cancelled; False for one that was paid, or is being paid."""

    async def refund(self, request: RefundRequest) -> ProviderRefund:
        """Give back a part or all of a payment."""
