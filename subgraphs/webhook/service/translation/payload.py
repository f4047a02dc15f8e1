"""Reads values of senders' documents: tolerant of what is not needed, strict with what is."""

import datetime as dt
import re
import unicodedata
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation

from shared.core.characters import shows_nothing, without_hidden
from shared.graph.datetimes import parse_datetime
from shared.graph.money import LARGEST_MINOR, CurrencyCode, NotMinorUnits, to_minor

LONGEST_TEXT = 200
_WORD = re.compile(r"[a-z0-9_]{1,60}", re.ASCII)


class Unreadable(Exception):
    """A delivery lacks what it takes to apply it; the message names the place, never the value."""


def mapping(value: object) -> Mapping[str, object]:
    """Return an object of the document; anything else is an empty one."""
    return value if isinstance(value, dict) else {}


def items(value: object) -> Sequence[Mapping[str, object]]:
    """Return the objects of a list of the document; anything else is an empty one."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def text(value: object, longest: int = LONGEST_TEXT) -> str | None:
    """Return a line of text in normal form C, without hidden characters, cut to length; None where there is none."""
    if not isinstance(value, str):
        return None
    line = "".join(" " if unicodedata.category(one) in {"Cc", "Cs"} else one for one in value)
    shown = " ".join(without_hidden(unicodedata.normalize("NFC", line)).split())[:longest].strip()
    return None if shows_nothing(shown) else shown or None


def word(value: object) -> str | None:
    """Return a code such as `insufficient_funds`; None for anything that may be prose."""
    return value if isinstance(value, str) and _WORD.fullmatch(value) else None


def identity(kind: str, document: Mapping[str, object], field: str = "id") -> str:
    """Return Shopify's global id, `gid://shopify/Kind/number`; raises Unreadable.

    Numbers are read as exact integers: those of Shopify exceed 2^53.
    """
    given = document.get("admin_graphql_api_id") if field == "id" else None
    if isinstance(given, str) and given.startswith(f"gid://shopify/{kind}/") and len(given) <= LONGEST_TEXT:
        if not given.isprintable():
            raise Unreadable("`admin_graphql_api_id` is not an id.")
        return given
    number = document.get(field)
    if type(number) is not int or number <= 0:
        raise Unreadable(f"`{field}` is not an id of a {kind}.")
    return f"gid://shopify/{kind}/{number}"


def amount(document: Mapping[str, object], field: str) -> Decimal:
    """Return a decimal amount as it is given; raises Unreadable for what is no finite number."""
    given = document.get(field)
    try:
        # Real deliveries hold texts; where there is a number, its shortest form is what was meant.
        found = Decimal(given if isinstance(given, str) else repr(given))
    except InvalidOperation:
        raise Unreadable(f"`{field}` is not an amount.") from None
    if not found.is_finite():
        raise Unreadable(f"`{field}` is not an amount.")
    return found


def minor(document: Mapping[str, object], field: str, currency: str) -> int:
    """Return a decimal amount in minor units, exactly; raises Unreadable for what is none, too precise or too large."""
    try:
        return to_minor(amount(document, field), currency)
    except NotMinorUnits:
        raise Unreadable(f"`{field}` is not an amount in whole minor units.") from None


def cents(document: Mapping[str, object], field: str) -> int:
    """Return an amount that is given in minor units; raises Unreadable."""
    given = document.get(field)
    if type(given) is not int or not 0 <= given <= LARGEST_MINOR:
        raise Unreadable(f"`{field}` is not an amount in minor units.")
    return given


def currency(document: Mapping[str, object], field: str = "currency") -> str:
    """Return a currency that the shop trades in; raises Unreadable."""
    given = document.get(field)
    code = given.upper() if isinstance(given, str) else ""
    if code not in CurrencyCode.__members__:
        raise Unreadable(f"`{field}` is not a currency that the shop sells in.")
    return code


def moment(document: Mapping[str, object], field: str) -> dt.datetime:
    """Return a moment; raises Unreadable."""
    found = optional_moment(document, field)
    if found is None:
        raise Unreadable(f"`{field}` is not a date and time.")
    return found


def optional_moment(document: Mapping[str, object], field: str) -> dt.datetime | None:
    """Return a moment; None where there is none."""
    given = document.get(field)
    try:
        return parse_datetime(given) if isinstance(given, str) else None
    except ValueError:
        return None
