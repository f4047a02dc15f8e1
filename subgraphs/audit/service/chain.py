"""The hash chain: each entry carries SHA-256 over the hash before it and its own canonical form.

The canonical form is JSON in UTF-8 without white space, its names sorted and its moments in UTC to the microsecond,
so that anybody can compute it again. The construction is that of linked timestamping (Haber and Stornetta, 1991).
"""

import datetime as dt
import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypedDict

import orjson

from shared.core.ids import new_id
from subgraphs.audit.enums import AuditActorKind

GENESIS = "0" * 64


@dataclass(frozen=True)
class Change:
    """One changed field; None stands for a value that was not there, or is not for the log."""

    field: str
    before: str | None = None
    after: str | None = None


@dataclass(frozen=True)
class Fact:
    """What is to be logged: plain facts, never secrets or personal data."""

    event_id: str
    action: str
    subject_type: str
    subject_id: str
    at: dt.datetime
    actor_id: str | None = None
    changes: Sequence[Change] = ()
    request_id: str | None = None
    trace_id: str | None = None


class ChangeData(TypedDict):
    """A `Change` as it is stored."""

    field: str
    before: str | None
    after: str | None


class Entry(TypedDict):
    """A row of `audit_log`."""

    id: str
    sequence: int
    event_id: str
    at: dt.datetime
    actor_kind: str
    actor_id: str | None
    action: str
    subject_type: str
    subject_id: str
    changed: list[ChangeData]
    request_id: str | None
    trace_id: str | None
    prev_hash: str
    hash: str


@dataclass(frozen=True)
class Head:
    """The end of the chain: the sequence number and hash of its last entry."""

    sequence: int = 0
    hash: str = GENESIS


def _new_id(_fact: Fact) -> str:
    return new_id("aud")


def link(facts: Iterable[Fact], head: Head, make_id: Callable[[Fact], str] = _new_id) -> Iterator[Entry]:
    """Turn facts into rows of `audit_log`, in order, that continue the chain from its head."""
    sequence, prev_hash = head.sequence, head.hash
    for fact in facts:
        sequence += 1
        row: Entry = {
            "id": make_id(fact),
            "sequence": sequence,
            "event_id": fact.event_id,
            "at": fact.at,
            "actor_kind": (AuditActorKind.SYSTEM if fact.actor_id is None else AuditActorKind.USER).value,
            "actor_id": fact.actor_id,
            "action": fact.action,
            "subject_type": fact.subject_type,
            "subject_id": fact.subject_id,
            "changed": [{"field": c.field, "before": c.before, "after": c.after} for c in fact.changes],
            "request_id": fact.request_id,
            "trace_id": fact.trace_id,
            "prev_hash": prev_hash,
            "hash": "",
        }
        row["hash"] = prev_hash = hash_of(row)
        yield row


def hash_of(row: Entry) -> str:
    """Return the hash that a row must carry, in hexadecimal, whatever hash it has."""
    canonical = orjson.dumps(
        [
            row["prev_hash"],
            row["sequence"],
            row["id"],
            row["event_id"],
            row["at"].astimezone(dt.UTC).isoformat(timespec="microseconds"),
            row["actor_kind"],
            row["actor_id"],
            row["action"],
            row["subject_type"],
            row["subject_id"],
            row["changed"],
            row["request_id"],
            row["trace_id"],
        ],
        option=orjson.OPT_SORT_KEYS,
    )
    return hashlib.sha256(canonical).hexdigest()
