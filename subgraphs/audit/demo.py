"""Plausible history for demonstrations: plain facts become the chained rows of an empty log, ready for COPY."""

import datetime as dt
import random
from collections.abc import Iterable, Sequence

from shared.core.ids import id_at
from shared.database.rows import Values
from subgraphs.audit.service.chain import Change, Fact, Head, link
from subgraphs.audit.service.redaction import type_of

__all__ = ["Change", "Fact", "fact", "history"]


def fact(
    rng: random.Random,
    action: str,
    subject_id: str,
    at: dt.datetime,
    actor_id: str | None = None,
    changes: Sequence[Change] = (),
) -> Fact:
    """Say what happened: `fact(rng, "order.status_changed", key, at, None, [Change("status", "PENDING", "PAID")])`.

    Raises ValueError where the subject is none of the graph's entities.
    """
    subject_type = type_of(subject_id)
    if subject_type is None:
        raise ValueError(f"{subject_id} is not the id of an entity")
    return Fact(
        event_id=id_at("evt", at, rng),
        action=action,
        subject_type=subject_type,
        subject_id=subject_id,
        at=at,
        actor_id=actor_id,
        changes=changes,
    )


def history(rng: random.Random, facts: Iterable[Fact]) -> dict[str, list[Values]]:
    """Return the rows of `audit_log` and `audit_head` for facts, which are put in the order of their time."""
    ordered = sorted(facts, key=lambda each: each.at)
    rows = list(link(ordered, Head(), lambda each: id_at("aud", each.at, rng)))
    if not rows:
        return {"audit_log": [], "audit_head": []}
    head = {"id": 1, "sequence": rows[-1]["sequence"], "hash": rows[-1]["hash"]}
    return {"audit_log": [*rows], "audit_head": [head]}
