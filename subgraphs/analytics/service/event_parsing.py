"""Reads what clients send as events: each checked by itself, so that a bad one does not cost its batch."""

import datetime as dt
import math
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from shared.core.errors import InvalidInput
from shared.core.ids import is_id
from shared.core.validation import Checks
from shared.graph.datetimes import parse_datetime
from subgraphs.analytics.service.subjects import digest, is_users, read_subject

DESIGN_VIEWED = "design_viewed"
OLDEST = dt.timedelta(days=7)
FURTHEST_AHEAD = dt.timedelta(minutes=10)
NOT_AHEAD = dt.timedelta()
LONGEST_CLIENT_EVENT_ID = 100
LONGEST_NAME = 64
MOST_PROPERTIES = 32
LONGEST_PROPERTY = 500
# Beyond it, a JSON number is not the same for every client.
LARGEST_INTEGER = 2**53 - 1

# No dot, so that no client can tell what only a subgraph may: `order.created`.
_NAME = re.compile(r"[a-z][a-z0-9_]{0,63}", re.ASCII)
_PROPERTY_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,63}", re.ASCII)

Scalar: TypeAlias = "str | int | float | bool | None"


@dataclass(frozen=True)
class NewEvent:
    """A client's event that keeps all rules, with the key that tells its duplicates."""

    key: uuid.UUID
    client_event_id: str
    name: str
    subject: str
    occurred_at: dt.datetime
    design_id: str | None
    properties: Mapping[str, Scalar]


def read_event(
    path: str, given: object, viewer_id: str | None, now: dt.datetime, ahead: dt.timedelta = NOT_AHEAD
) -> NewEvent:
    """Check one event as it was sent, by its camel-case names; raises InvalidInput with fields under `path`.

    `ahead` is how far the client's clock was ahead of ours, or behind where it is negative.
    """
    if not isinstance(given, dict):
        raise InvalidInput.field(path, "INVALID_TYPE", "Each event must be an object.")
    checks = Checks(path)
    event_id = _text(checks, "clientEventId", given.get("clientEventId"), LONGEST_CLIENT_EVENT_ID)
    name = _text(checks, "name", given.get("name"), LONGEST_NAME)
    if 0 < len(name) <= LONGEST_NAME and not _NAME.fullmatch(name):
        checks.refuse(
            "name", "INVALID_NAME", "Use snake case: lower-case letters, digits and `_`, starting with a letter."
        )
    subject = read_subject(checks, given.get("subject"), viewer_id)
    if is_users(subject) and subject != viewer_id:
        checks.refuse("subject", "NOT_YOURS", "A user id must be the caller's own; send the access token.")
    moment = _moment(checks, "occurredAt", given.get("occurredAt"), now, ahead)
    design_id = _design(checks, given.get("designId"), required=name == DESIGN_VIEWED)
    properties = read_properties(checks, "properties", given.get("properties"))
    checks.raise_if_any()
    return NewEvent(digest("client", event_id), event_id, name, subject, moment, design_id, properties)


def read_properties(checks: Checks, name: str, given: object) -> dict[str, Scalar]:
    """Check a flat object of a few short values; null is an empty one."""
    if given is None:
        return {}
    if not isinstance(given, dict):
        checks.refuse(name, "INVALID_TYPE", "This must be an object.")
        return {}
    if len(given) > MOST_PROPERTIES:
        checks.refuse(name, "TOO_MANY", f"At most {MOST_PROPERTIES} entries are allowed.")
        return {}
    return {key: _property(checks, name, key, value) for key, value in given.items()}


def _property(checks: Checks, name: str, key: object, value: object) -> Scalar:
    if not isinstance(key, str) or not _PROPERTY_NAME.fullmatch(key):
        checks.refuse(name, "INVALID_NAME", "Use names of 1 to 64 letters, digits and `_`, starting with a letter.")
        return None
    path = f"{name}.{key}"
    if isinstance(value, str):
        return checks.text(path, value, shortest=0, longest=LONGEST_PROPERTY)
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int) and abs(value) <= LARGEST_INTEGER:
        return value
    if isinstance(value, float) and math.isfinite(value) and not _has_lost_digits(value):
        return value
    if isinstance(value, int | float):
        checks.refuse(
            path, "OUT_OF_RANGE", "Send a finite number; a whole number must be from -(2^53 - 1) to 2^53 - 1."
        )
    else:
        checks.refuse(path, "INVALID_TYPE", "Values must be strings, numbers, booleans or null.")
    return None


def _has_lost_digits(value: float) -> bool:
    """Tell whether a whole number is one of several that JSON parsers read as this one."""
    return value.is_integer() and abs(value) > LARGEST_INTEGER


def _text(checks: Checks, name: str, given: object, longest: int) -> str:
    if given is None:
        checks.refuse(name, "REQUIRED", "This field is required.")
    elif not isinstance(given, str):
        checks.refuse(name, "INVALID_TYPE", "This must be a string.")
    else:
        return checks.text(name, given, longest=longest)
    return ""


def _moment(checks: Checks, name: str, given: object, now: dt.datetime, ahead: dt.timedelta) -> dt.datetime:
    try:
        moment = parse_datetime(given if isinstance(given, str) else "") - ahead
    except (ValueError, OverflowError):
        checks.refuse(name, "INVALID_TIME", "Send a time of RFC 3339 such as `2026-05-01T12:00:00Z`.")
        return now
    if moment < now - OLDEST:
        checks.refuse(name, "TOO_OLD", f"The event is too old; send events within {OLDEST.days} days.")
    elif moment > now + FURTHEST_AHEAD:
        checks.refuse(name, "IN_THE_FUTURE", "The event is too far in the future; check the client's clock.")
    return moment


def _design(checks: Checks, given: object, *, required: bool) -> str | None:
    if given is None:
        if required:
            checks.refuse("designId", "REQUIRED", f"`{DESIGN_VIEWED}` requires `designId`.")
        return None
    if not is_id("des", given):
        checks.refuse("designId", "INVALID_ID", "This must be the id of a design, `des_…`.")
    return str(given)
