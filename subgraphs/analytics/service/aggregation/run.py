"""The aggregation: takes batches of events off their queue in the transaction that counts them.

So each batch counts exactly once, wherever the process is killed. What is added up (metrics, weeks) is taken from the
batch's own events; what depends on their order (funnels, outcomes) is worked out anew for the persons concerned, from
all of their events. So neither lateness nor the order of arrival makes a difference. Persons who were linked to a
visitor, and subjects whose events were changed, are counted anew as well.
"""

import datetime as dt
import time
from collections.abc import Iterator, Mapping

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from shared.database.advisory_locks import lock_class
from shared.database.database import Database
from subgraphs.analytics.service.aggregation import cohorts, funnels, metrics, outcomes, persons
from subgraphs.analytics.service.partitions import kept_since

MOST_EVENTS = 50_000
"""About how many events are counted in one transaction."""
MOST_SUBJECTS = 20_000
"""How many persons' events are in memory at once."""
SECONDS = 300.0
"""How long one run goes on while batches wait."""
_LOCK = {"lock": lock_class("aggregation", "analytics")}
_HOLD = text("SELECT pg_advisory_xact_lock(:lock, 0)")
_TRY = text("SELECT pg_try_advisory_xact_lock(:lock, 0)")
# The oldest that together are not too many, and always one.
_TAKE = text(
    "DELETE FROM event_batch WHERE id IN ("
    " SELECT id FROM ("
    "  SELECT id, sum(events) OVER (ORDER BY id) - events AS before FROM ("
    "   SELECT id, events FROM event_batch ORDER BY id LIMIT :most) AS oldest) AS added WHERE before < :most)"
    " RETURNING id"
)


async def hold_aggregation(session: AsyncSession) -> None:
    """Keep the aggregation out of the way until this transaction ends, for whoever changes what it has counted."""
    await session.execute(_HOLD, _LOCK)


async def aggregate(database: Database, most: int = MOST_EVENTS) -> int:
    """Count the batches that wait, and return how many; while somebody else is at it, leave it to them."""
    counted, end = 0, time.monotonic() + SECONDS
    while time.monotonic() < end and (done := await _aggregate_some(database, most)) is not None:
        counted += done
    return counted


async def _aggregate_some(database: Database, most: int) -> int | None:
    """Count some of what waits, and return how many batches that were; None where nothing waits."""
    async with database.write() as session:
        if not await session.scalar(_TRY, _LOCK):
            return None
        changed = await persons.take_changes(session, MOST_SUBJECTS)
        batches = list(await session.scalars(_TAKE, {"most": most}))
        if not batches and not changed:
            return None
        touched: dict[str, dt.date] = {}
        if batches:
            await metrics.add(session, batches)
            await cohorts.add(session, batches)
            touched = await funnels.touched_by(session, batches)
        await count_anew(session, changed, touched)
        return len(batches)


async def count_anew(
    session: AsyncSession, changed: Mapping[str, dt.date], touched: Mapping[str, dt.date] | None = None
) -> None:
    """Bring persons up to date, each from a day on.

    `changed` are those whose stored events are no longer theirs or no longer all; of the events of `touched`, only
    new ones were added, whose weeks are counted.
    """
    kept = await kept_since(session)
    for some in _some_at_once(persons.merged(changed, touched or {})):
        members = await persons.members_of(session, some)
        await cohorts.count_anew(
            session,
            [key for key in some if changed.get(key, persons.OUTCOMES_ONLY) < persons.OUTCOMES_ONLY],
            members,
            kept,
        )
        await funnels.work_out(session, {key: max(since, kept) for key, since in some.items()}, members)
        await outcomes.work_out(session, members, kept)


def _some_at_once(touched: Mapping[str, dt.date]) -> Iterator[dict[str, dt.date]]:
    found = list(touched.items())
    for start in range(0, len(found), MOST_SUBJECTS):
        yield dict(found[start : start + MOST_SUBJECTS])
