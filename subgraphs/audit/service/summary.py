"""How often what was done, by day, at a cost that does not grow with the log.

At most `MOST_COUNTED` entries are looked at, the newest of the time, which an index finds; whether there are more is
reported.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, literal, select

from shared.core.validation import Checks
from shared.database.database import Database
from shared.database.rows import Statement, many
from shared.graph.pagination import Column
from subgraphs.audit.enums import AuditActorKind
from subgraphs.audit.models import AuditLog

MOST_COUNTED = 100_000
LONGEST = dt.timedelta(days=31)
_LOG = AuditLog.__table__


@dataclass(frozen=True)
class Counted:
    """How often an action was performed on a day (UTC) by a kind of actor."""

    day: dt.date
    action: str
    actor_kind: AuditActorKind
    count: int


def check_time(at_from: dt.datetime, at_before: dt.datetime) -> None:
    """Raise InvalidInput unless the times enclose up to 31 days."""
    checks = Checks("")
    if not dt.timedelta() < at_before - at_from <= LONGEST:
        checks.refuse("atBefore", "OUT_OF_RANGE", f"`atBefore` must be up to {LONGEST.days} days after `atFrom`.")
    checks.raise_if_any()


async def summarize(database: Database, at_from: dt.datetime, at_before: dt.datetime) -> tuple[Sequence[Counted], bool]:
    """Return the counts of a time, by day, action and kind of actor, and whether all entries of it were counted."""
    async with database.read() as connection:
        rows: Sequence[Counted] = await many(connection, Counted, counts(at_from, at_before))
        more = newest(at_from, at_before, MOST_COUNTED + 1).offset(MOST_COUNTED).subquery()
        return rows, await connection.scalar(select(literal(1)).select_from(more)) is None


def newest(at_from: dt.datetime, at_before: dt.datetime, most: int) -> Statement:
    """Return the SELECT of the newest entries of a time."""
    columns: Sequence[Column] = [_LOG.c[name] for name in ("at", "action", "actor_kind")]
    in_time = select(*columns).where(AuditLog.at >= at_from, AuditLog.at < at_before)
    return in_time.order_by(AuditLog.at.desc()).limit(most)


def counts(at_from: dt.datetime, at_before: dt.datetime) -> Statement:
    """Return the SELECT of the counts, newest day first."""
    entries = newest(at_from, at_before, MOST_COUNTED).subquery("newest")
    day = func.date(func.timezone("UTC", entries.c.at))
    keys: Sequence[Column] = [day.label("day"), entries.c.action, entries.c.actor_kind]
    columns: Sequence[Column] = [*keys, func.count().label("count")]
    return select(*columns).group_by(*keys).order_by(keys[0].desc(), entries.c.action, entries.c.actor_kind)
