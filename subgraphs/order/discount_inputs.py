"""What staff ask of discount codes."""

import datetime as dt
from decimal import Decimal

import strawberry

from shared.graph.money import CurrencyCode
from subgraphs.order.enums import DiscountKind
from subgraphs.order.inputs import KEY


@strawberry.input(description="Which discount codes to list: those that meet all given conditions.")
class DiscountCodeFilter:
    active: bool | None = strawberry.field(
        default=None, description="Only codes that can be used now, or only those that cannot; default: both."
    )


@strawberry.input(description="An amount of money in one currency.")
class MoneyInput:
    amount: Decimal = strawberry.field(
        description="The amount, above 0 with the decimals of its currency, such as `5.00` in EUR and `800` in JPY."
    )
    currency_code: CurrencyCode = strawberry.field(description="The currency of the amount.")


@strawberry.input(description="A discount code to create.")
class DiscountCodeCreateInput:
    code: str = strawberry.field(
        description="What customers enter: 3 to 40 letters of A to Z, digits, `-` and `_`, the first a letter or "
        "digit. Case and spaces do not matter. No other code, past or present, may be the same."
    )
    kind: DiscountKind = strawberry.field(description="What the code takes off.")
    percent: int | None = strawberry.field(
        default=None, description="For PERCENTAGE: how many per cent, 1 to 100; otherwise left out."
    )
    amounts: list[MoneyInput] | None = strawberry.field(
        default=None,
        description="For AMOUNT: what is taken off, once for each currency in which the code is valid; otherwise left "
        "out.",
    )
    minimums: list[MoneyInput] | None = strawberry.field(
        default=None,
        description="What the goods must cost at least, after quantity discounts, once for each currency in which the "
        "code is valid; default: no minimum.",
    )
    starts_at: dt.datetime | None = strawberry.field(
        default=None, description="When the code becomes valid; default: now."
    )
    ends_at: dt.datetime | None = strawberry.field(
        default=None, description="When the code ceases to be valid; default: never."
    )
    most_uses: int | None = strawberry.field(
        default=None, description="How many orders may use the code, 1 to 1,000,000; default: any number."
    )
    once_per_customer: bool = strawberry.field(
        default=False, description="Whether each customer may use the code only once. Default: false."
    )
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)


@strawberry.input(description="A discount code to end.")
class DiscountCodeEndInput:
    discount_code_id: strawberry.ID = strawberry.field(description="The id of the discount code.")
