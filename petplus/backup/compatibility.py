"""Which moments of subgraphs go together: events bring those of different moments into line, within limits.

A receiver that is older than a publisher gets again what it lacks, from the publisher's outbox: that holds events for
`RETENTION`. A publisher that is older than a receiver has lost events whose effects the receiver shows; nothing
brings them back.
"""

import datetime as dt
from collections.abc import AsyncIterator, Mapping, Sequence

from sqlalchemy import ARRAY, Text, bindparam, text
from sqlalchemy.ext.asyncio import AsyncConnection

from petplus.backup.errors import IncompatibleMoments
from shared.events.outbox import RETENTION

LONGEST_APART = RETENTION - dt.timedelta(hours=1)
"""How much older than a publisher a receiver may be. What it had not handled at its moment is older still."""
_CLOCKS = dt.timedelta(minutes=1)
"""By how much the clocks of servers may differ."""
_BATCH = 10_000


def require_together(moments: Mapping[str, dt.datetime]) -> None:
    """Raise IncompatibleMoments where an outbox no longer holds what another subgraph lacks."""
    oldest, newest = min(moments, key=moments.__getitem__), max(moments, key=moments.__getitem__)
    apart = moments[newest] - moments[oldest]
    if apart > LONGEST_APART:
        raise IncompatibleMoments(
            f"{oldest} is of {_shown(moments[oldest])} and {newest} of {_shown(moments[newest])}: events are kept for "
            f"{RETENTION.days} days, so {oldest} would never get some. Use backups that are at most "
            f"{LONGEST_APART.days} days apart."
        )


async def lost_events(
    moments: Mapping[str, dt.datetime], databases: Mapping[str, AsyncConnection], shifted: Mapping[str, dt.timedelta]
) -> dict[str, int]:
    """Return by subgraph how many events it has handled that no outbox holds, since their publisher is older.

    `shifted` says by how much the times at which a restored subgraph received events were moved.
    """
    earliest = min(moments.values())
    found = {}
    for name, moment in moments.items():
        if moment <= earliest:
            continue
        since, lost = earliest - _CLOCKS + shifted.get(name, dt.timedelta()), 0
        async for ids in _received(databases[name], name, since):
            unknown = set(ids)
            for publisher, connection in databases.items():
                unknown -= await _published(connection, publisher, sorted(unknown))
            lost += len(unknown)
        if lost:
            found[name] = lost
    return found


def require_none_lost(lost: Mapping[str, int], moments: Mapping[str, dt.datetime]) -> None:
    """Raise IncompatibleMoments where any events were lost."""
    if not lost:
        return
    name = max(lost, key=lost.__getitem__)
    older = ", ".join(f"{each} of {_shown(at)}" for each, at in sorted(moments.items()) if at < moments[name])
    raise IncompatibleMoments(
        f"{name}, of {_shown(moments[name])}, has handled {lost[name]} events that no outbox holds: their publisher is "
        f"of an earlier moment ({older}). Use a newer backup of it, an older one of {name}, or `--accept-lost-events`."
    )


async def _received(connection: AsyncConnection, name: str, since: dt.datetime) -> AsyncIterator[Sequence[str]]:
    after = ""
    statement = text(
        f'SELECT event_id FROM "{name}".inbox WHERE received_at >= :since AND event_id > :after'  # noqa: S608 - a name
        " ORDER BY event_id LIMIT :most"
    )
    while ids := list(await connection.scalars(statement, {"since": since, "after": after, "most": _BATCH})):
        yield ids
        after = ids[-1]


async def _published(connection: AsyncConnection, name: str, ids: Sequence[str]) -> set[str]:
    statement = text(f'SELECT event_id FROM "{name}".outbox WHERE event_id = ANY(:ids)')  # noqa: S608 - a name of ours
    statement = statement.bindparams(bindparam("ids", type_=ARRAY(Text)))
    return set(await connection.scalars(statement, {"ids": ids})) if ids else set()


def _shown(moment: dt.datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S}"
