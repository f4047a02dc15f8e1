"""The graph's custom scalars: each has one grammar for what clients send, and one form in which it is shown.

They replace those of Strawberry, whose parsers take what Python's constructors take: `1_0`, full-width digits and
` NaN ` are Decimals there, and `20260501` and `2026-W18-5` are Dates.
"""

import datetime as dt
import re
from collections.abc import Mapping
from decimal import Decimal

from strawberry.exceptions import StrawberryInputCoercionError
from strawberry.types.scalar import ScalarDefinition

from shared.graph.datetimes import DATE_TIME

MOST_DIGITS = 28
"""As many as Python's decimal arithmetic keeps: it would round a longer number."""
MOST_DIGITS_OF_NUMBER = 15
"""As many as a binary floating-point number keeps of any decimal: more of them may have changed on the way."""

LARGEST_NUMBER = 10**MOST_DIGITS_OF_NUMBER

_DECIMAL = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _parse_decimal(value: object) -> Decimal:
    if isinstance(value, str) and _DECIMAL.fullmatch(value) and _digits(value) <= MOST_DIGITS:
        return Decimal(value)
    if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < LARGEST_NUMBER:
        text = format(Decimal(repr(value)), "f")
        if _digits(text) <= MOST_DIGITS_OF_NUMBER:
            return Decimal(text)
    raise StrawberryInputCoercionError(
        f"Send a Decimal as a string of at most {MOST_DIGITS} digits, such as `24.90`, or as a number of at most "
        f"{MOST_DIGITS_OF_NUMBER}."
    )


def _digits(text: str) -> int:
    return sum(map(str.isdigit, text))


def _show_decimal(value: Decimal) -> str:
    return format(value, "f")


def _parse_date(value: object) -> dt.date:
    if isinstance(value, str) and _DATE.fullmatch(value):
        try:
            return dt.date.fromisoformat(value)
        except ValueError:
            pass
    raise StrawberryInputCoercionError("Send a Date as a string, such as `2026-11-23`.")


DECIMAL = ScalarDefinition(
    name="Decimal",
    description="An exact decimal number, such as `24.90`: digits with an optional sign `-` and an optional fraction. "
    f"It is shown as a string. Send a string of this form with at most {MOST_DIGITS} digits, or a number of at most "
    f"{MOST_DIGITS_OF_NUMBER}.",
    specified_by_url=None,
    serialize=_show_decimal,
    parse_value=_parse_decimal,
    parse_literal=None,
    origin=Decimal,
)

DATE = ScalarDefinition(
    name="Date",
    description="A calendar date in the form of RFC 3339, such as `2026-11-23`.",
    specified_by_url=None,
    serialize=dt.date.isoformat,
    parse_value=_parse_date,
    parse_literal=None,
    origin=dt.date,
)

SCALARS: Mapping[object, ScalarDefinition] = {Decimal: DECIMAL, dt.date: DATE, dt.datetime: DATE_TIME}
"""By the Python type that they stand for, as `StrawberryConfig(scalar_map=…)` takes them."""
