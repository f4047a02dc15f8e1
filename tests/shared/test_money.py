"""Amounts: exact in each currency, with its decimals; what is no such amount is refused, never rounded."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.graph.money import DECIMALS, LARGEST_MINOR, CurrencyCode, Money, NotMinorUnits, to_amount, to_minor

EUR, JPY = CurrencyCode.EUR, CurrencyCode.JPY
CODES = [*CurrencyCode, "SEK"]


@given(st.integers(-LARGEST_MINOR, LARGEST_MINOR), st.sampled_from(CODES))
def test_an_amount_is_as_many_minor_units_as_it_was_made_of(minor: int, currency: CurrencyCode | str) -> None:
    assert to_minor(to_amount(minor, currency), currency) == minor


def test_each_currency_has_its_decimals() -> None:
    assert DECIMALS.keys() == set(CurrencyCode)
    shown = {currency.value: str(Money.of(3980, currency).amount) for currency in CurrencyCode}
    assert shown == {"EUR": "39.80", "GBP": "39.80", "USD": "39.80", "CHF": "39.80", "JPY": "3980"}


@pytest.mark.parametrize(
    ("amount", "currency", "minor"),
    [("24.9", EUR, 2490), ("24.9000", EUR, 2490), ("1E+3", JPY, 1000), ("980.00", JPY, 980), ("7.5", "SEK", 750)],
)
def test_zeros_and_exponents_do_not_change_an_amount(amount: str, currency: CurrencyCode | str, minor: int) -> None:
    assert to_minor(Decimal(amount), currency) == minor


@pytest.mark.parametrize(
    ("amount", "currency", "code", "message"),
    [
        ("24.905", EUR, "TOO_PRECISE", "At most 2 decimals are allowed."),
        ("980.5", JPY, "TOO_PRECISE", "No decimals are allowed."),
        ("1E-999999", EUR, "TOO_PRECISE", "At most 2 decimals are allowed."),
        ("10000000000000.01", EUR, "TOO_LARGE", "At most 10000000000000.00 is allowed."),
        ("1E+999999", JPY, "TOO_LARGE", "At most 1000000000000000 is allowed."),
        ("NaN", EUR, "TOO_LARGE", "At most 10000000000000.00 is allowed."),
        ("-Infinity", EUR, "TOO_LARGE", "At most 10000000000000.00 is allowed."),
    ],
)
def test_what_is_no_number_of_minor_units_is_refused(
    amount: str, currency: CurrencyCode, code: str, message: str
) -> None:
    with pytest.raises(NotMinorUnits) as refused:
        to_minor(Decimal(amount), currency)
    assert (refused.value.code, str(refused.value)) == (code, message)
