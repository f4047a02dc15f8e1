"""Moments in time: one grammar for what is sent, one form for what is shown, and always UTC inside.

The grammar is the `date-time` of RFC 3339, whose offset may be left out. The form is that of RFC 3339 in UTC, with
microseconds, which PostgreSQL keeps: strict parsers read times with a fraction or those without, but not both.
"""

import datetime as dt
import re

from strawberry.exceptions import StrawberryInputCoercionError
from strawberry.types.scalar import ScalarDefinition

_DATE_TIME = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T([01][0-9]|2[0-3]):[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?"
    r"(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])?"
)


def parse_datetime(text: str) -> dt.datetime:
    """Read a moment as UTC, cut to microseconds; without an offset it is taken as UTC. Raises ValueError."""
    if not _DATE_TIME.fullmatch(text):
        raise ValueError("not a date and time of RFC 3339")
    moment = dt.datetime.fromisoformat(text)
    if moment.tzinfo is None:
        return moment.replace(tzinfo=dt.UTC)
    try:
        return moment.astimezone(dt.UTC)
    except OverflowError:
        raise ValueError("the year is out of range") from None


def show_datetime(moment: dt.datetime) -> str:
    """Return a moment as clients get it: `2026-11-23T08:00:00.000000Z`."""
    if moment.tzinfo is not dt.UTC:
        moment = moment.astimezone(dt.UTC)
    return moment.isoformat(timespec="microseconds")[:-6] + "Z"


def _parse_value(value: object) -> dt.datetime:
    try:
        if isinstance(value, str):
            return parse_datetime(value)
    except ValueError:
        pass
    raise StrawberryInputCoercionError("Send a DateTime as a string of RFC 3339, such as `2026-11-23T08:00:00Z`.")


DATE_TIME = ScalarDefinition(
    name="DateTime",
    description="A date and time in the form of RFC 3339. It is shown in UTC with six decimals of the second, such as "
    "`2026-11-23T08:00:00.000000Z`. Send any offset and zero to nine decimals; a value without an offset is taken as "
    "UTC.",
    specified_by_url=None,
    serialize=show_datetime,
    parse_value=_parse_value,
    parse_literal=None,
    origin=dt.datetime,
)
