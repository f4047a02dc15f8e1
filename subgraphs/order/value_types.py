"""What leads nowhere else: of an order its ledger, its delivery address, why it gets no mails; and the shop."""

import datetime as dt

import strawberry
from strawberry import federation

from shared.graph.access import owner_or, scoped
from shared.graph.context import Info
from shared.graph.languages import Language, code_of
from shared.graph.money import CurrencyCode, Money
from shared.graph.references import Stub
from shared.graph.row_types import RowType
from subgraphs.order import models
from subgraphs.order.enums import LedgerEntryKind, LedgerEntryState, LedgerProvider, OrderStatus, SuppressionCause
from subgraphs.order.loaders import READ, LedgerByOrder
from subgraphs.order.pricing.shipping import delivered_countries
from subgraphs.order.service.ledger import Balance, balance_by_columns


@strawberry.type(
    description="Money of an order that came in, went back or is asked for; each thing that a provider reports once."
)
class OrderLedgerEntry(RowType[models.LedgerEntry]):
    id: strawberry.ID = strawberry.field(description="The entry's id, `led_…`.")
    kind: LedgerEntryKind = strawberry.field(description="What the entry is about.")
    state: LedgerEntryState = strawberry.field(description="How far the money has come.")
    amount: Money = strawberry.field(
        description="The amount, always above 0. One in another currency than the order's does not count."
    )
    provider: LedgerProvider = strawberry.field(description="Who reported it.")
    occurred_at: dt.datetime = strawberry.field(description="When it happened, by the provider's own time.")
    provider_id: str | None = strawberry.field(
        description="The provider's id, such as `pi_…`; null without the scope `orders:read`.", extensions=scoped(READ)
    )


@strawberry.type
class OrderSums:
    """What an order costs, as fields of the order."""

    subtotal: Money = strawberry.field(description="The sum of all lines.")
    discount: Money = strawberry.field(description="The amount taken off the subtotal.")
    shipping: Money = strawberry.field(description="The price of shipping.")
    tax: Money = strawberry.field(description="The tax, which is added to the subtotal and shipping.")
    included_tax: Money = strawberry.field(
        description="The tax that the prices include; 0 where the shop that took the order does not tell it."
    )
    total: Money = strawberry.field(description="The price: subtotal - discount + shipping + tax.")


@strawberry.type
class OrderBalance:
    """What has come in for an order and is left to pay, as fields of the order."""

    id: strawberry.ID
    status: OrderStatus
    paid_at: dt.datetime | None
    customer_id: strawberry.Private[str | None]
    currency: strawberry.Private[CurrencyCode]
    total_minor: strawberry.Private[int]
    refunded_minor: strawberry.Private[int]
    received_minor: strawberry.Private[int | None]
    returned_minor: strawberry.Private[int | None]

    @strawberry.field(description="The money that has come in for the order, in its currency.")
    def paid(self) -> Money:
        return Money.of(self._balance.received, self.currency)

    @strawberry.field(description="What is still to be paid of `total`; 0 for an order that is CANCELLED or REFUNDED.")
    def owed(self) -> Money:
        ended = self.status in (OrderStatus.CANCELLED, OrderStatus.REFUNDED)
        return Money.of(0 if ended else self._balance.owed, self.currency)

    @strawberry.field(description="What was paid beyond `total` and has not been refunded.")
    def overpaid(self) -> Money:
        return Money.of(self._balance.overpaid, self.currency)

    @strawberry.field(
        description="What `orderRefund` can pay back: the money that has come in and was not refunded yet; 0 where "
        "there is none."
    )
    def refundable(self) -> Money:
        return Money.of(self._balance.held, self.currency)

    @property
    def _balance(self) -> Balance:
        columns = self.total_minor, self.received_minor, self.returned_minor, self.refunded_minor
        return balance_by_columns(*columns, self.paid_at)

    @strawberry.field(
        description="The money of the order, entry by entry, oldest first; null if the viewer may not read it.",
        extensions=owner_or(READ, "customer_id"),
    )
    def ledger(self, info: Info) -> list[OrderLedgerEntry] | None:
        return info.context.loader(LedgerByOrder).then(self.id, OrderLedgerEntry.from_rows)


@federation.type(keys=["id"])
class Preset(Stub, prefix="pre"):
    id: strawberry.ID = strawberry.field(description="The preset's id, `pre_…`.")


@federation.type(keys=["id"])
class PresetVersion(Stub, prefix="prv"):
    id: strawberry.ID = strawberry.field(description="The id of the version, `prv_…`.")


@strawberry.type(
    description="The delivery address of an order or cart. Fields are null if they are not known; all but "
    "`countryCode` are null once the customer's account is erased."
)
class ShippingAddress(RowType[models.Order]):
    recipient: str | None = strawberry.field(description="The name of the recipient.")
    address_line1: str | None = strawberry.field(description="Street and house number.")
    address_line2: str | None = strawberry.field(
        description="Further details of the address, such as a floor; null if there are none."
    )
    city: str | None = strawberry.field(description="The city or town.")
    region: str | None = strawberry.field(description="The state, county or region; null if there is none.")
    postal_code: str | None = strawberry.field(description="The postal code.")
    country_code: str | None = strawberry.field(description="The country as an ISO 3166-1 alpha-2 code, such as `DE`.")
    phone: str | None = strawberry.field(description="A telephone number for the carrier; null if there is none.")


@strawberry.type(description="Why the e-mail address of an order gets no mails about orders.")
class MailSuppression(RowType[models.MailSuppression]):
    cause: SuppressionCause = strawberry.field(description="The cause.")
    since: dt.datetime = strawberry.field(description="When it was first reported.")
    until: dt.datetime | None = strawberry.field(description="When it ends; null if it lasts until it is taken back.")
    reports: int = strawberry.field(description="How often it was reported.")


LOCALES = tuple(code_of(language) for language in Language)
"""The languages of the shop's mails and push messages."""


@strawberry.type(description="What customers of this shop can choose. It changes with releases of the shop alone.")
class Shop:
    @strawberry.field(description="The currencies that prices can be shown and paid in.")
    def currencies(self) -> list[CurrencyCode]:
        return list(CurrencyCode)

    @strawberry.field(
        description="The countries that orders are delivered to, as ISO 3166-1 alpha-2 codes such as `DE`, sorted."
    )
    def countries(self) -> list[str]:
        return delivered_countries()

    @strawberry.field(
        description="The languages of labels and texts, for the argument `language` of the fields that show them."
    )
    def languages(self) -> list[Language]:
        return list(Language)

    @strawberry.field(description="The languages of the shop's mails and push messages, as language tags such as `de`.")
    def locales(self) -> list[str]:
        return list(LOCALES)


@strawberry.type(description="A status that the viewer may move an order to.")
class OrderTransition:
    to: OrderStatus = strawberry.field(description="The status.")
    needs_reason: bool = strawberry.field(
        description="Whether to ask for a `reason`: the customer gets a mail about the change and cannot know why. The "
        "change is also made without one."
    )
    needs_recent_authentication: bool = strawberry.field(
        description="Whether it pays money back, for which the viewer must have authenticated within the last hour."
    )
