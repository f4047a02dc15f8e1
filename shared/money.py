"""Money: integer minor units where it is stored, a decimal amount with its currency where it is shown."""

import enum
from decimal import Decimal

import strawberry
from strawberry import federation

from shared.enums import graphql_enum


@graphql_enum(
    "An ISO 4217 currency that the shop trades in.",
    EUR="Euro.",
    GBP="Pound sterling.",
    USD="United States dollar.",
)
class CurrencyCode(enum.Enum):
    EUR = "EUR"
    GBP = "GBP"
    USD = "USD"


MINOR_UNIT_DIGITS = 2


@federation.type(shareable=True, description="An exact amount of money in one currency.")
class Money:
    amount: Decimal = strawberry.field(description="The amount in major units, exact, such as `24.90`.")
    currency_code: CurrencyCode = strawberry.field(description="The currency of the amount.")

    @classmethod
    def of(cls, minor: int, currency: CurrencyCode) -> "Money":
        """Show `minor` units (cents, pence) as money."""
        return cls(amount=Decimal(minor).scaleb(-MINOR_UNIT_DIGITS), currency_code=currency)
