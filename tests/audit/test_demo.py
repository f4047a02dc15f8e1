"""Demonstration history: chained as the real one is, and the same for the same seed."""

import datetime as dt
import random
from typing import Any

import pytest

from petplus.bulk_copy import copy_rows
from shared.core.ids import id_at
from shared.core.settings import Settings
from subgraphs.audit.demo import Change, fact, history
from subgraphs.audit.service.verification import verify_log
from tests.audit.factories import a_fact as another_fact
from tests.audit.factories import fresh_log, log, owner_of
from tests.support.apps import Served

NOW = dt.datetime(2026, 11, 20, tzinfo=dt.UTC)


def some_history(seed: int, size: int) -> Any:
    rng = random.Random(seed)
    times = [NOW - dt.timedelta(minutes=rng.randrange(500_000)) for _ in range(size)]
    change = Change("status", "PENDING", "PAID")
    return history(rng, [fact(rng, "order.status_changed", id_at("ord", at, rng), at, None, [change]) for at in times])


async def test_seeded_history_is_a_chain_that_goes_on(audit: Served, settings: Settings) -> None:
    async with owner_of(settings) as owner:
        await fresh_log(audit, owner, 0)
        await owner.execute("TRUNCATE audit_head")
    rows = some_history(1, 200)
    await copy_rows(settings, "audit", rows)
    await log(audit, another_fact())
    found = await verify_log(audit.database)
    assert (found.checked, found.first_broken) == (201, None)
    times = [row["at"] for row in rows["audit_log"]]
    assert times == sorted(times)


def test_the_same_seed_makes_the_same_history() -> None:
    assert some_history(7, 50) == some_history(7, 50)
    assert some_history(7, 50) != some_history(8, 50)


def test_no_facts_make_no_history() -> None:
    assert history(random.Random(1), []) == {"audit_log": [], "audit_head": []}


def test_a_subject_must_be_an_entity() -> None:
    with pytest.raises(ValueError, match="nobody is not the id of an entity"):
        fact(random.Random(1), "order.created", "nobody", NOW)
