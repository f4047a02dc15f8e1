"""Works out how far subjects came in the funnel after each day on which they entered it."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias, TypedDict

from sqlalchemy import ARRAY, Date, DateTime, Integer, Text, bindparam, text
from sqlalchemy.ext.asyncio import AsyncSession

from shared.database.rows import many
from subgraphs.analytics.enums import Audience, FunnelStep, FunnelWindow
from subgraphs.analytics.service.subjects import is_registered

STEPS = [step.value for step in FunnelStep]
WINDOWS = {
    FunnelWindow.HOUR: dt.timedelta(hours=1),
    FunnelWindow.DAY: dt.timedelta(days=1),
    FunnelWindow.WEEK: dt.timedelta(days=7),
    FunnelWindow.MONTH: dt.timedelta(days=30),
}
LONGEST = max(WINDOWS.values())
EXPOSED = "experiment.exposed"
NEVER = dt.date.min
EVERYBODY = ""

Step: TypeAlias = "tuple[dt.datetime, int]"
"""When, and the step's place in the funnel."""
Since: TypeAlias = dt.date
"""The day from which on a subject's entries may have changed."""


@dataclass(frozen=True)
class Entry:
    """A subject's first step of a day, the day of the entry before it, and the steps reached within each window."""

    day: dt.date
    previous: dt.date
    depths: tuple[int, ...]


def audience_segment(audience: Audience) -> str:
    """Return the segment of those who have an account, or of the others."""
    return f"audience:{audience.value}"


def variant_segment(experiment_id: str, variant: str) -> str:
    """Return the segment of those who have a variant, from the day on which they got it."""
    return f"variant:{experiment_id}:{variant}"


def entries_of(steps: Iterable[Step], previous: dt.date) -> Iterator[Entry]:
    """Work out a subject's entries from all steps since some moment; `previous` is the day of the one before."""
    ordered = sorted(steps)
    for place, (at, step) in enumerate(ordered):
        if step == 0 and at.date() != previous:
            yield Entry(at.date(), previous, _depths(ordered[place:]))
            previous = at.date()


def _depths(following: Sequence[Step]) -> tuple[int, ...]:
    """Return how many steps were done in order within each window of the first."""
    start, times = following[0][0], [following[0][0]]
    for at, step in following:
        # Steps of the same moment are in the funnel's order, so one pass finds the earliest way through.
        if step == len(times) and at - start <= LONGEST:
            times.append(at)
    return tuple(sum(at - start <= window for at in times) for window in WINDOWS.values())


_SUBJECTS = bindparam("subjects", type_=ARRAY(Text))
_SINCE = bindparam("since", type_=ARRAY(Date))
_EARLIEST = bindparam("earliest", type_=DateTime(timezone=True))
_TOUCHED = text(
    "SELECT subject, min(occurred_at) FROM analytics_event"
    " WHERE batch = ANY(:batches) AND subject IS NOT NULL AND name = ANY(:names) GROUP BY subject"
).bindparams(bindparam("names", [*STEPS, EXPOSED], type_=ARRAY(Text)))
_STEPS = text(
    "SELECT event.subject, event.occurred_at, array_position(:names, event.name) - 1"
    " FROM unnest(:subjects, :since) AS touched (subject, since) JOIN analytics_event AS event"
    " ON event.subject = touched.subject AND event.occurred_at >= touched.since::timestamp AT TIME ZONE 'UTC'"
    " WHERE event.name = ANY(:names) AND event.occurred_at >= :earliest"
).bindparams(
    _SUBJECTS, _SINCE, bindparam("names", STEPS, type_=ARRAY(Text)), bindparam("earliest", type_=DateTime(True))
)
_KNOWN = text(
    "SELECT entry.* FROM unnest(:subjects, :since) AS touched (subject, since) JOIN funnel_entry AS entry"
    " ON entry.subject = touched.subject AND entry.day >= touched.since"
).bindparams(_SUBJECTS, _SINCE)
_PREVIOUS = text(
    "SELECT entry.subject, max(entry.day) AS day FROM unnest(:subjects, :since) AS touched (subject, since)"
    " JOIN funnel_entry AS entry ON entry.subject = touched.subject AND entry.day < touched.since"
    " GROUP BY entry.subject"
).bindparams(_SUBJECTS, _SINCE)
_ASSIGNED = text(
    "SELECT subject, experiment_id, variant, (assigned_at AT TIME ZONE 'UTC')::date AS day, counted"
    " FROM experiment_assignment WHERE subject = ANY(:subjects)"
).bindparams(_SUBJECTS)
_FORGET = text(
    "DELETE FROM funnel_entry AS entry USING unnest(:subjects, :days) AS gone (subject, day)"
    " WHERE entry.subject = gone.subject AND entry.day = gone.day"
).bindparams(_SUBJECTS, bindparam("days", type_=ARRAY(Date)))
_COLUMNS = "day, previous_day, depth_hour, depth_day, depth_week, depth_month"
_VALUES = [bindparam(name, type_=ARRAY(kind)) for name, kind in zip("dphxwm", [Date] * 2 + [Integer] * 4, strict=True)]
_KEEP = text(
    f"INSERT INTO funnel_entry (subject, {_COLUMNS}) SELECT * FROM unnest(:subjects, :d, :p, :h, :x, :w, :m)"
).bindparams(_SUBJECTS, *_VALUES)
_ADD = text(
    f"INSERT INTO funnel_total AS known (segment, {_COLUMNS}, subjects)"
    " SELECT * FROM unnest(:segments, :d, :p, :h, :x, :w, :m, :times)"
    f" ON CONFLICT (segment, {_COLUMNS}) DO UPDATE SET subjects = known.subjects + excluded.subjects"
).bindparams(bindparam("segments", type_=ARRAY(Text)), *_VALUES, bindparam("times", type_=ARRAY(Integer)))


async def touched_by(session: AsyncSession, batches: Sequence[int]) -> dict[str, Since]:
    """Return the subjects whose way through the funnel batches may change, and from which day on."""
    rows = await session.execute(_TOUCHED, {"batches": list(batches)})
    return {subject: (earliest.astimezone(dt.UTC) - LONGEST).date() for subject, earliest in rows}


class _Touched(TypedDict):
    """Parameters of statements: some subjects, and the day from which each is worked out again."""

    subjects: list[str]
    since: list[dt.date]


class _Assigned(NamedTuple):
    """What `_ASSIGNED` returns."""

    subject: str
    experiment_id: str
    variant: str
    day: dt.date
    counted: bool


async def work_out(session: AsyncSession, touched: Mapping[str, Since]) -> None:
    """Bring the entries of subjects up to date from some day on, and the totals by as much as that changes."""
    if not touched:
        return
    of: _Touched = {"subjects": list(touched), "since": list(touched.values())}
    before, after = await _known(session, of), await _fresh(session, of)
    gone = [(subject, entry) for subject, entry in before if (subject, entry) not in after]
    come = [(subject, entry) for subject, entry in after if (subject, entry) not in before]
    if gone:
        days = [entry.day for _, entry in gone]
        await session.execute(_FORGET, {"subjects": [subject for subject, _ in gone], "days": days})
    if come:
        columns = _columns(entry for _, entry in come)
        await session.execute(_KEEP, {"subjects": [subject for subject, _ in come], **columns})
    await _add(session, await _differences(session, list(touched), before, after))


async def _known(session: AsyncSession, of: _Touched) -> dict[tuple[str, Entry], None]:
    rows = await session.execute(_KNOWN, of)
    return {(subject, Entry(day, previous, tuple(depths))): None for subject, day, previous, *depths in rows}


async def _fresh(session: AsyncSession, of: _Touched) -> dict[tuple[str, Entry], None]:
    previous = {row.subject: row.day for row in await session.execute(_PREVIOUS, of)}
    earliest = dt.datetime.combine(min(of["since"]), dt.time(), dt.UTC)
    steps: dict[str, list[Step]] = defaultdict(list)
    for subject, at, step in await session.execute(_STEPS, {**of, "earliest": earliest}):
        steps[subject].append((at.astimezone(dt.UTC), step))
    return {
        (subject, entry): None
        for subject, done in steps.items()
        for entry in entries_of(done, previous.get(subject, NEVER))
    }


async def _differences(
    session: AsyncSession,
    subjects: Sequence[str],
    before: Iterable[tuple[str, Entry]],
    after: Iterable[tuple[str, Entry]],
) -> "Counter[tuple[str, Entry]]":
    """Return by how much the number of like entries changes in each segment."""
    counted: dict[str, list[_Assigned]] = defaultdict(list)
    all_of: dict[str, list[_Assigned]] = defaultdict(list)
    for row in await many(session, _Assigned, _ASSIGNED, {"subjects": subjects}):
        all_of[row.subject].append(row)
        if row.counted:
            counted[row.subject].append(row)
    changes: Counter[tuple[str, Entry]] = Counter()
    for subject, entry in after:
        changes.update(_segments(subject, entry, all_of.get(subject, ())))
    for subject, entry in before:
        changes.subtract(_segments(subject, entry, counted.get(subject, ())))
    return changes


def _segments(subject: str, entry: Entry, assigned: Iterable[_Assigned]) -> list[tuple[str, Entry]]:
    audience = Audience.REGISTERED if is_registered(subject) else Audience.ANONYMOUS
    segments = [(EVERYBODY, entry), (audience_segment(audience), entry)]
    for row in assigned:
        if entry.day >= row.day:
            previous = entry.previous if entry.previous >= row.day else NEVER
            segments.append((variant_segment(row.experiment_id, row.variant), Entry(entry.day, previous, entry.depths)))
    return segments


async def _add(session: AsyncSession, changes: "Counter[tuple[str, Entry]]") -> None:
    changed = [(segment, entry, times) for (segment, entry), times in changes.items() if times]
    if changed:
        segments, entries, times = zip(*changed, strict=True)
        await session.execute(_ADD, {"segments": list(segments), "times": list(times), **_columns(entries)})


def _columns(entries: Iterable[Entry]) -> dict[str, list[object]]:
    rows = [(entry.day, entry.previous, *entry.depths) for entry in entries]
    return {name: list(values) for name, values in zip("dphxwm", zip(*rows, strict=True), strict=True)}
