"""Money: integer minor units where it is stored, a decimal amount with its currency where it is shown."""

import enum
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Annotated

import strawberry
from pydantic import Field
from strawberry import federation

from shared.graph.enums import graphql_enum


@graphql_enum(
    "A currency that the shop sells in, by its ISO 4217 code.",
    EUR="Euro.",
    GBP="Pound sterling.",
    USD="United States dollar.",
    CHF="Swiss franc.",
    JPY="Japanese yen. Its amounts have no decimals.",
)
class CurrencyCode(enum.Enum):
    EUR = "EUR"
    GBP = "GBP"
    USD = "USD"
    CHF = "CHF"
    JPY = "JPY"


DECIMALS: Mapping[CurrencyCode, int] = {
    CurrencyCode.EUR: 2,
    CurrencyCode.GBP: 2,
    CurrencyCode.USD: 2,
    CurrencyCode.CHF: 2,
    CurrencyCode.JPY: 0,
}
"""How many decimals an amount has: 1 EUR is 100 minor units, 1 JPY is one."""
OTHER_DECIMALS = 2
"""Those of a currency that the shop does not sell in, which only other systems report."""
LARGEST_MINOR = 10**15
"""No amount of a shop is larger; as a number of JSON it is still exact."""
Price = Annotated[dict[CurrencyCode, Annotated[int, Field(ge=0)]], Field(min_length=len(CurrencyCode))]
"""A price as rule data hold it: minor units in every currency that the shop sells in."""
AMOUNTS_KEPT = 4096
"""A shop's prices repeat: an amount that is shown again need not be reckoned again."""


class NotMinorUnits(ValueError):
    """An amount is no number of minor units, by `code`: TOO_PRECISE or TOO_LARGE. The message says what is allowed."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@federation.type(shareable=True, description="An exact amount of money in one currency.")
class Money:
    amount: Decimal = strawberry.field(
        description="The exact amount in major units as a decimal string with the decimals of its currency, such as "
        "`24.90` in EUR and `3980` in JPY."
    )
    currency_code: CurrencyCode = strawberry.field(description="The currency of the amount.")

    @staticmethod
    def of(minor: int, currency: CurrencyCode) -> "Money":
        """Show `minor` units (cents, pence, yen) as money. Equal amounts may be one object: nobody changes them."""
        return _money(minor, currency)


@lru_cache(AMOUNTS_KEPT)
def _money(minor: int, currency: CurrencyCode) -> Money:
    return Money(amount=to_amount(minor, currency), currency_code=currency)


def to_amount(minor: int, currency: CurrencyCode | str) -> Decimal:
    """Return minor units as the amount that is shown: 2490 are 24.90 in EUR, and 2490 in JPY.

    A currency that is named by its code may be one that the shop does not sell in.
    """
    return Decimal(minor).scaleb(-_decimals(currency))


def to_minor(amount: Decimal, currency: CurrencyCode | str) -> int:
    """Return an amount in minor units, exactly; raises NotMinorUnits, as for 1.005 EUR and 0.5 JPY: nothing is rounded.

    Zeros after the decimals of the currency are allowed: 100.00 JPY are 100.
    """
    decimals = _decimals(currency)
    largest = to_amount(LARGEST_MINOR, currency)
    if not amount.is_finite() or abs(amount) > largest:
        raise NotMinorUnits("TOO_LARGE", f"At most {largest} is allowed.")
    scaled = amount.scaleb(decimals)
    if scaled != scaled.to_integral_value():
        allowed = f"At most {decimals} decimals are" if decimals else "No decimals are"
        raise NotMinorUnits("TOO_PRECISE", f"{allowed} allowed.")
    return int(scaled)


def _decimals(currency: CurrencyCode | str) -> int:
    code = currency.value if isinstance(currency, CurrencyCode) else currency
    return DECIMALS[CurrencyCode[code]] if code in CurrencyCode.__members__ else OTHER_DECIMALS
