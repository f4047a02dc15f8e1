"""Works out how far persons came in the funnel after each day on which they entered it."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from sqlalchemy import ARRAY, BigInteger, Date, DateTime, Integer, Text, bindparam, text
from sqlalchemy.ext.asyncio import AsyncSession

from shared.database.rows import many
from subgraphs.analytics.enums import Audience, FunnelStep, FunnelWindow
from subgraphs.analytics.service.aggregation.persons import MEMBER, Members, member_parameters
from subgraphs.analytics.service.subjects import is_registered

STEPS = [step.value for step in FunnelStep]
ATTRIBUTED = "order.attributed"
"""An order once more, for the visitor who made it: to persons, the same step as the order itself."""
NAMES_OF_STEPS: Mapping[FunnelStep, tuple[str, ...]] = {step: (step.value,) for step in FunnelStep} | {
    FunnelStep.ADD_TO_CART: (FunnelStep.ADD_TO_CART.value, "cart.items_added"),
    FunnelStep.CHECKOUT_STARTED: (FunnelStep.CHECKOUT_STARTED.value, "cart.checked_out"),
    FunnelStep.ORDER_CREATED: (FunnelStep.ORDER_CREATED.value, ATTRIBUTED),
}
"""The events that are each step: what clients tell, and what the shop's own carts and orders tell."""
_PLACES = {name: place for place, names in enumerate(NAMES_OF_STEPS.values()) for name in names}
STEP_NAMES = list(_PLACES)
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
"""The day from which on a person's entries may have changed."""


@dataclass(frozen=True)
class Entry:
    """A person's first step of a day, the day of the entry before it, and the steps reached within each window."""

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
    """Work out a person's entries from all steps since some moment; `previous` is the day of the one before."""
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
_TOUCHED = text(
    "SELECT coalesce(link.user_id, event.subject) AS person, min(event.occurred_at) AS earliest"
    " FROM analytics_event AS event"
    " LEFT JOIN visitor_link AS link ON link.visitor = event.subject AND link.applied"
    " WHERE event.batch = ANY(:batches) AND event.subject IS NOT NULL AND event.name = ANY(:names) GROUP BY person"
).bindparams(
    bindparam("batches", type_=ARRAY(BigInteger)), bindparam("names", [*STEP_NAMES, EXPOSED], type_=ARRAY(Text))
)
_SCOPE = "unnest(:persons, :subjects, :since) AS touched (person, subject, since)"
_PLACE = "(:places)[array_position(:names, event.name)]"
_STEPS = text(
    f"SELECT touched.person, event.occurred_at, {_PLACE} FROM {_SCOPE} JOIN analytics_event AS event"
    " ON event.subject = touched.subject AND event.occurred_at >= touched.since::timestamp AT TIME ZONE 'UTC'"
    " WHERE event.name = ANY(:names) AND event.occurred_at >= :earliest"
).bindparams(
    *member_parameters(),
    _SINCE,
    bindparam("names", STEP_NAMES, type_=ARRAY(Text)),
    bindparam("places", list(_PLACES.values()), type_=ARRAY(Integer)),
    bindparam("earliest", type_=DateTime(True)),
)
# A visitor who was just linked has entries of their own, which end here.
_KNOWN = text(
    f"SELECT entry.* FROM {_SCOPE} JOIN funnel_entry AS entry"
    " ON entry.subject = touched.subject AND entry.day >= touched.since"
).bindparams(*member_parameters(), _SINCE)
_PREVIOUS = text(
    f"SELECT entry.subject, max(entry.day) AS day FROM {_SCOPE}"
    " JOIN funnel_entry AS entry ON entry.subject = touched.subject AND entry.day < touched.since"
    " WHERE touched.subject = touched.person GROUP BY entry.subject"
).bindparams(*member_parameters(), _SINCE)
_ASSIGNED = text(
    f"WITH {MEMBER} SELECT member.person, coalesce(assigned.person, assigned.subject) AS counted_for, experiment_id,"
    " variant, (assigned_at AT TIME ZONE 'UTC')::date AS day, counted FROM member"
    " JOIN experiment_assignment AS assigned USING (subject) ORDER BY assigned_at, id"
).bindparams(*member_parameters())
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
    """Return the persons whose way through the funnel batches may change, and from which day on."""
    rows = await session.execute(_TOUCHED, {"batches": list(batches)})
    return {row.person: since_of(row.earliest) for row in rows}


def since_of(moment: dt.datetime) -> Since:
    """Return the day from which on an event of some moment may change entries."""
    return (moment.astimezone(dt.UTC) - LONGEST).date()


class _Touched(Members):
    """Parameters of statements: subjects of persons, and the day from which each person is worked out anew."""

    since: list[dt.date]


class _Assigned(NamedTuple):
    """What `_ASSIGNED` returns: the subjects' variants, the first ones first."""

    person: str
    counted_for: str
    experiment_id: str
    variant: str
    day: dt.date
    counted: bool


async def work_out(session: AsyncSession, touched: Mapping[str, Since], members: Members) -> None:
    """Bring the entries of persons up to date from some day on, and the totals by as much as that changes."""
    if not touched:
        return
    of: _Touched = {**members, "since": [touched[person] for person in members["persons"]]}
    before, after = await _known(session, of), await _fresh(session, of)
    gone = [(subject, entry) for subject, entry in before if (subject, entry) not in after]
    come = [(subject, entry) for subject, entry in after if (subject, entry) not in before]
    if gone:
        days = [entry.day for _, entry in gone]
        await session.execute(_FORGET, {"subjects": [subject for subject, _ in gone], "days": days})
    if come:
        columns = _columns(entry for _, entry in come)
        await session.execute(_KEEP, {"subjects": [subject for subject, _ in come], **columns})
    await _add(session, await _differences(session, members, before, after))


async def _known(session: AsyncSession, of: _Touched) -> dict[tuple[str, Entry], None]:
    rows = await session.execute(_KNOWN, of)
    return {(subject, Entry(day, previous, tuple(depths))): None for subject, day, previous, *depths in rows}


async def _fresh(session: AsyncSession, of: _Touched) -> dict[tuple[str, Entry], None]:
    previous = {row.subject: row.day for row in await session.execute(_PREVIOUS, of)}
    earliest = dt.datetime.combine(min(of["since"]), dt.time(), dt.UTC)
    steps: dict[str, list[Step]] = defaultdict(list)
    for person, at, step in await session.execute(_STEPS, {**of, "earliest": earliest}):
        steps[person].append((at.astimezone(dt.UTC), step))
    return {
        (person, entry): None
        for person, done in steps.items()
        for entry in entries_of(done, previous.get(person, NEVER))
    }


async def _differences(
    session: AsyncSession, members: Members, before: Iterable[tuple[str, Entry]], after: Iterable[tuple[str, Entry]]
) -> "Counter[tuple[str, Entry]]":
    """Return by how much the number of like entries changes in each segment."""
    counted: dict[str, list[_Assigned]] = defaultdict(list)
    first: dict[str, dict[str, _Assigned]] = defaultdict(dict)
    for row in await many(session, _Assigned, _ASSIGNED, members):
        first[row.person].setdefault(row.experiment_id, row)
        if row.counted:
            counted[row.counted_for].append(row)
    changes: Counter[tuple[str, Entry]] = Counter()
    for person, entry in after:
        changes.update(_segments(person, entry, first.get(person, {}).values()))
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
