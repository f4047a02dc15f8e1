"""The funnel of a period: how many persons began, and how far they came within a window.

A person begins with their first step of the period; each further step counts once the one before was done, and within
the window from that beginning, beyond the end of the period too.
"""

from dataclasses import dataclass

from sqlalchemy import Date, DateTime, TextClause, bindparam, text
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.core.errors import InvalidInput
from subgraphs.analytics.enums import Audience, FunnelStep, FunnelWindow, ReportBasis
from subgraphs.analytics.inputs import SegmentInput
from subgraphs.analytics.service.aggregation.funnels import (
    EVERYBODY,
    NAMES_OF_STEPS,
    STEPS,
    WINDOWS,
    audience_segment,
    variant_segment,
)
from subgraphs.analytics.service.reports.periods import Period
from subgraphs.analytics.service.subjects import REGISTERED_SQL


@dataclass(frozen=True)
class Segment:
    """Whom a report is about: everybody, an audience, or those who have a variant of an experiment."""

    audience: Audience | None = None
    experiment_id: str | None = None
    variant: str | None = None

    @property
    def key(self) -> str:
        """Return what the aggregation calls it."""
        if self.experiment_id is not None and self.variant is not None:
            return variant_segment(self.experiment_id, self.variant)
        return EVERYBODY if self.audience is None else audience_segment(self.audience)


def segment_of(given: SegmentInput | None) -> Segment:
    """Check what was asked for; raises InvalidInput."""
    if given is None:
        return Segment()
    if (given.experiment is None) != (given.variant is None):
        name = "variant" if given.variant is None else "experiment"
        raise InvalidInput.field(f"segment.{name}", "REQUIRED", "Send `experiment` and `variant` together.")
    if given.experiment is not None and given.audience is not None:
        message = "Choose an audience or a variant, not both."
        raise InvalidInput.field("segment.audience", "EXCLUSIVE", message)
    return Segment(given.audience, given.experiment, given.variant)


def goal_place(goal: FunnelStep) -> int:
    """Return a goal's place in the funnel; raises InvalidInput for the first step, which is where all begin."""
    place = STEPS.index(goal.value)
    if place == 0:
        raise InvalidInput.field(
            "goal", "OUT_OF_RANGE", "Every subject begins with the first step; choose a later step as the goal."
        )
    return place


_COUNTED = (
    "SELECT {depth} AS depth, sum(subjects)::bigint AS subjects FROM funnel_total"
    " WHERE segment = :segment AND day >= :since AND day < :until AND previous_day < :since GROUP BY 1"
)
_DAYS = (bindparam("since", type_=Date), bindparam("until", type_=Date))
_FROM_TOTALS = {
    window: text(_COUNTED.format(depth=f"depth_{window.value.lower()}")).bindparams(*_DAYS) for window in WINDOWS
}
_MOMENTS = (bindparam("start", type_=DateTime(timezone=True)), bindparam("end", type_=DateTime(timezone=True)))
# Each step is looked for after the one before; the least moment at which it can be is the way that leads furthest.
_NEXT = (
    " LEFT JOIN LATERAL (SELECT min(occurred_at) AS at FROM analytics_event WHERE subject = ANY(begun.subjects)"
    " AND name IN ({names}) AND occurred_at >= {before}.at AND occurred_at <= begun.at + :window) AS step{number}"
    " ON true"
)
_CHAIN = "".join(
    _NEXT.format(
        names=", ".join(f"'{name}'" for name in NAMES_OF_STEPS[FunnelStep(step)]),
        number=number,
        before="begun" if number == 1 else f"step{number - 1}",
    )
    for number, step in enumerate(STEPS[1:], start=1)
)
_DEPTH = " + ".join(["1", *(f"(step{number}.at IS NOT NULL)::int" for number in range(1, len(STEPS)))])
_PERSON = "coalesce(link.user_id, event.subject)"
_BEGUN = (
    f"SELECT {_PERSON} AS person, min(event.occurred_at) AS at FROM analytics_event AS event"
    " LEFT JOIN visitor_link AS link ON link.visitor = event.subject {join}"
    f" WHERE event.name = '{STEPS[0]}' AND event.subject IS NOT NULL AND event.occurred_at >= :start"
    " AND event.occurred_at < :end {condition} GROUP BY 1"
)
_SUBJECTS = (
    "SELECT person, at, person || ARRAY(SELECT visitor FROM visitor_link WHERE user_id = person) AS subjects"
    " FROM ({begun}) AS begun"
)
# A person has one variant: the first that any of their subjects was given.
_OF_VARIANT = (
    "JOIN (SELECT DISTINCT ON (person) coalesce(link.user_id, assigned.subject) AS person, variant, assigned_at"
    " FROM experiment_assignment AS assigned LEFT JOIN visitor_link AS link ON link.visitor = assigned.subject"
    " WHERE experiment_id = :experiment ORDER BY person, assigned_at, id) AS assigned"
    f" ON assigned.person = {_PERSON} AND assigned.variant = :variant"
    " AND event.occurred_at >= date_trunc('day', assigned.assigned_at, 'UTC')"
)


async def count_funnel(
    connection: AsyncConnection, period: Period, window: FunnelWindow, segment: Segment, basis: ReportBasis
) -> list[int]:
    """Return how many persons did each step, first to last."""
    if basis is ReportBasis.AGGREGATES:
        rows = await connection.execute(_FROM_TOTALS[window], {"segment": segment.key, **_days(period)})
    else:
        statement, values = _from_events(period, window, segment)
        rows = await connection.execute(statement, values)
    by_depth = {row.depth: int(row.subjects) for row in rows}
    return [sum(times for depth, times in by_depth.items() if depth > step) for step in range(len(STEPS))]


def _days(period: Period) -> dict[str, object]:
    return {name: period.values[name] for name in ("since", "until")}


def _from_events(period: Period, window: FunnelWindow, segment: Segment) -> tuple[TextClause, dict[str, object]]:
    join, condition = "", ""
    values: dict[str, object] = {name: period.values[name] for name in ("start", "end")}
    values["window"] = WINDOWS[window]
    if segment.experiment_id is not None:
        join = _OF_VARIANT
        values |= {"experiment": segment.experiment_id, "variant": segment.variant}
    elif segment.audience is not None:
        condition = (
            f"AND {'' if segment.audience is Audience.REGISTERED else 'NOT'} {REGISTERED_SQL.format(subject=_PERSON)}"
        )
    begun = _SUBJECTS.format(begun=_BEGUN.format(join=join, condition=condition))
    statement = f"WITH begun AS MATERIALIZED ({begun}) SELECT {_DEPTH} AS depth, count(*) AS subjects FROM begun"
    return text(f"{statement}{_CHAIN} GROUP BY 1").bindparams(*_MOMENTS), values
