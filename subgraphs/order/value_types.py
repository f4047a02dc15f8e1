"""Parts of an order that lead nowhere else: entries of its ledger, and its delivery address."""

import datetime as dt

import strawberry

from shared.graph.access import scoped
from shared.graph.money import Money
from shared.graph.row_types import RowType
from subgraphs.order import models
from subgraphs.order.enums import LedgerEntryKind, LedgerEntryState, LedgerProvider
from subgraphs.order.loaders import READ


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


@strawberry.type(
    description="The delivery address of an order. Fields are null if they are not known; all but "
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
