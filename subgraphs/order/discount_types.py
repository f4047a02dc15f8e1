"""Discount codes as staff see them."""

import datetime as dt
from collections.abc import Mapping
from typing import TypeAlias

import strawberry

from shared.graph.money import CurrencyCode, Money
from shared.graph.pagination import Connection
from shared.graph.row_types import RowType
from subgraphs.order import discount_models
from subgraphs.order.enums import DiscountKind
from subgraphs.order.service.discount_codes import is_active

DiscountCodeConnection: TypeAlias = Connection["DiscountCode"]


@strawberry.type(description="A code that takes something off a cart.")
class DiscountCode(RowType[discount_models.DiscountCode]):
    id: strawberry.ID = strawberry.field(description="The discount code's id, `dsc_…`.")
    code: str = strawberry.field(description="What customers enter, in upper case.")
    kind: DiscountKind = strawberry.field(description="What the code takes off.")
    percent: int | None = strawberry.field(description="How many per cent; null unless the kind is PERCENTAGE.")
    starts_at: dt.datetime | None = strawberry.field(
        description="When the code becomes valid; null if it was valid at once."
    )
    ends_at: dt.datetime | None = strawberry.field(description="When the code ceases to be valid; null if never.")
    most_uses: int | None = strawberry.field(description="How many orders may use the code; null if any number.")
    once_per_customer: bool = strawberry.field(description="Whether each customer may use the code only once.")
    uses: int = strawberry.field(
        description="How many orders use the code. Orders that were cancelled before they were paid do not count."
    )
    created_at: dt.datetime = strawberry.field(description="When the code was created.")
    ended_at: dt.datetime | None = strawberry.field(description="When staff ended the code; null if they did not.")
    amounts_minor: strawberry.Private[dict[str, int]]
    minimums_minor: strawberry.Private[dict[str, int]]

    @strawberry.field(description="What the code takes off, by currency; empty unless the kind is AMOUNT.")
    def amounts(self) -> list[Money]:
        return _moneys(self.amounts_minor)

    @strawberry.field(
        description="What the goods must cost at least, by currency; empty if there is no minimum. The code is not "
        "valid in other currencies."
    )
    def minimums(self) -> list[Money]:
        return _moneys(self.minimums_minor)

    @strawberry.field(description="Whether the code can be used now.")
    def active(self) -> bool:
        return is_active(self, dt.datetime.now(dt.UTC))


def _moneys(by_currency: Mapping[str, int]) -> list[Money]:
    return [Money.of(minor, CurrencyCode[code]) for code, minor in sorted(by_currency.items())]
