"""Money: integer minor units where it is stored, a decimal amount with its currency where it is shown."""

import enum
from decimal import Decimal
from functools import lru_cache

import strawberry
from strawberry import federation

from shared.graph.enums import graphql_enum


@graphql_enum(
    "A currency that the shop sells in, by its ISO 4217 code.",
    EUR="Euro.",
    GBP="Pound sterling.",
    USD="United States dollar.",
)
class CurrencyCode(enum.Enum):
    EUR = "EUR"
    GBP = "GBP"
    USD = "USD"


MINOR_UNIT_DIGITS = 2
AMOUNTS_KEPT = 4096
"""A shop's prices repeat: an amount that is shown again need not be reckoned again."""


@federation.type(shareable=True, description="An exact amount of money in one currency.")
class Money:
    amount: Decimal = strawberry.field(
        description="The exact amount in major units as a decimal string, such as `24.90`."
    )
    currency_code: CurrencyCode = strawberry.field(description="The currency of the amount.")

    @staticmethod
    def of(minor: int, currency: CurrencyCode) -> "Money":
        """Show `minor` units (cents, pence) as money. Equal amounts may be one object: nobody changes them."""
        return _money(minor, currency)


@lru_cache(AMOUNTS_KEPT)
def _money(minor: int, currency: CurrencyCode) -> Money:
    return Money(amount=to_amount(minor), currency_code=currency)


def to_amount(minor: int) -> Decimal:
    """Return minor units as the amount that is shown: 2490 cents are 24.90."""
    return Decimal(minor).scaleb(-MINOR_UNIT_DIGITS)
