"""The aggregation: takes batches of events off their queue in the transaction that counts them.

So each batch counts exactly once, wherever the process is killed. What is added up (metrics, weeks) is taken from the
batch's own events; what depends on their order (funnels, outcomes) is worked out anew for the subjects concerned, from
all of their events. So neither lateness nor the order of arrival makes a difference.
"""

import time
from collections.abc import Iterator, Mapping

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from shared.database.advisory_locks import lock_class
from shared.database.database import Database
from subgraphs.analytics.service.aggregation import cohorts, funnels, metrics, outcomes

MOST_EVENTS = 50_000
"""About how many events are counted in one transaction."""
MOST_SUBJECTS = 20_000
"""How many subjects' events are in memory at once."""
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
    while time.monotonic() < end and (batches := await _aggregate_some(database, most)):
        counted += batches
    return counted


async def _aggregate_some(database: Database, most: int) -> int:
    async with database.write() as session:
        if not await session.scalar(_TRY, _LOCK):
            return 0
        batches = list(await session.scalars(_TAKE, {"most": most}))
        if batches:
            await metrics.add(session, batches)
            await cohorts.add(session, batches)
            for touched in _some_at_once(await funnels.touched_by(session, batches)):
                await funnels.work_out(session, touched)
                await outcomes.work_out(session, list(touched))
        return len(batches)


def _some_at_once(touched: Mapping[str, funnels.Since]) -> Iterator[dict[str, funnels.Since]]:
    subjects = list(touched.items())
    for start in range(0, len(subjects), MOST_SUBJECTS):
        yield dict(subjects[start : start + MOST_SUBJECTS])
