"""Moments in time as clients send them: always UTC inside, and never one that PostgreSQL or Python cannot hold."""

import datetime as dt

from strawberry.exceptions import StrawberryInputCoercionError
from strawberry.types.scalar import ScalarDefinition


def parse_datetime(text: str) -> dt.datetime:
    """Read an ISO 8601 moment as UTC; without an offset it is taken as UTC. Raises ValueError."""
    moment = dt.datetime.fromisoformat(text)
    if moment.tzinfo is None:
        return moment.replace(tzinfo=dt.UTC)
    try:
        return moment.astimezone(dt.UTC)
    except OverflowError:
        raise ValueError("the year is out of range") from None


def _parse_value(value: object) -> dt.datetime:
    try:
        if isinstance(value, str):
            return parse_datetime(value)
    except ValueError:
        pass
    raise StrawberryInputCoercionError("Send a DateTime as a string in ISO 8601, such as `2026-11-23T08:00:00Z`.")


DATE_TIME = ScalarDefinition(
    name="DateTime",
    description="A date and time in ISO 8601, such as `2026-11-23T08:00:00Z`. A value without an offset is "
    "taken as UTC.",
    specified_by_url=None,
    serialize=dt.datetime.isoformat,
    parse_value=_parse_value,
    parse_literal=None,
    origin=dt.datetime,
)
