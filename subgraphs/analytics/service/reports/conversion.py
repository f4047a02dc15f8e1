"""What came of an experiment: how many persons of each variant reached a goal, and how sure a difference is."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import ARRAY, Text, bindparam, text
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.database.rows import many
from subgraphs.analytics.enums import FunnelStep, FunnelWindow, ReportBasis
from subgraphs.analytics.models import Experiment
from subgraphs.analytics.service.aggregation.outcomes import GOAL_NAMES, GOALS, REACHED, SHIFTS
from subgraphs.analytics.statistics.comparison import Comparison, compare
from subgraphs.analytics.statistics.ratio import sample_ratio_p
from subgraphs.analytics.statistics.samples import Interval, Pairs, proportion, wilson, without_the_past

_SOURCES = {
    ReportBasis.AGGREGATES: "SELECT variant, converted, before, subjects FROM experiment_total"
    " WHERE experiment_id = :experiment",
    ReportBasis.EVENTS: "WITH person AS (SELECT DISTINCT coalesce(link.user_id, assigned.subject) AS person"
    " FROM experiment_assignment AS assigned LEFT JOIN visitor_link AS link ON link.visitor = assigned.subject"
    " WHERE assigned.experiment_id = :experiment),"
    " member AS (SELECT person, person AS subject FROM person UNION ALL"
    " SELECT person, link.visitor FROM person JOIN visitor_link AS link ON link.user_id = person),"
    f"{REACHED.format(condition='WHERE assigned.experiment_id = :experiment')}"
    " SELECT variant, converted, before, 1 AS subjects FROM reached",
}
_COUNT = (
    "SELECT variant, coalesce(sum(subjects), 0)::bigint AS size,"
    " coalesce(sum(subjects) FILTER (WHERE (converted >> :shift) & :goal <> 0), 0)::bigint AS after,"
    " coalesce(sum(subjects) FILTER (WHERE before & :goal <> 0), 0)::bigint AS before,"
    " coalesce(sum(subjects) FILTER (WHERE (converted >> :shift) & before & :goal <> 0), 0)::bigint AS both"
    " FROM ({source}) AS outcome GROUP BY variant"
)


@dataclass(frozen=True)
class Group:
    """One variant: its subjects and how many reached the goal. The control is compared with nothing.

    `adjusted` compares less what the subjects' own past explains (CUPED); None where the past tells nothing.
    """

    variant: str
    subjects: int
    converted: int
    rate: float
    interval: Interval | None
    comparison: Comparison | None = None
    adjusted: Comparison | None = None


@dataclass(frozen=True)
class Outcome:
    """All variants, the control first, and the p-value of the subjects' spread over them."""

    groups: list[Group]
    sample_ratio_p: float | None


class _Counted(NamedTuple):
    """What `_COUNT` returns of a variant."""

    variant: str
    size: int
    after: int
    before: int
    both: int


async def count_outcome(
    connection: AsyncConnection,
    experiment: Experiment,
    goal: FunnelStep,
    basis: ReportBasis,
    window: FunnelWindow = FunnelWindow.MONTH,
) -> Outcome:
    """Return what came of an experiment, by its row: who reached a goal within a window from their assignment on."""
    statement = text(_COUNT.format(source=_SOURCES[basis]))
    values: dict[str, object] = {
        "experiment": experiment.id,
        "goal": 1 << GOALS.index(goal.value),
        "shift": SHIFTS[window],
    }
    if basis is ReportBasis.EVENTS:
        statement = statement.bindparams(bindparam("goals", GOAL_NAMES, type_=ARRAY(Text)))
    rows = {row.variant: row for row in await many(connection, _Counted, statement, values)}
    pairs = [_pairs(rows.get(variant["key"])) for variant in experiment.variants]
    return judge([variant["key"] for variant in experiment.variants], pairs, _weights(experiment))


def _pairs(row: _Counted | None) -> Pairs:
    return Pairs(0, 0, 0, 0) if row is None else Pairs(row.size, row.after, row.before, row.both)


def _weights(experiment: Experiment) -> list[float]:
    return [variant["weight"] for variant in experiment.variants]


def judge(variants: Sequence[str], pairs: Sequence[Pairs], weights: Sequence[float]) -> Outcome:
    """Compare each variant with the first."""
    control = pairs[0]
    groups = []
    for place, (variant, group) in enumerate(zip(variants, pairs, strict=True)):
        plain = proportion(group.size, group.after)
        past = without_the_past(control, group) if place else None
        groups.append(
            Group(
                variant=variant,
                subjects=group.size,
                converted=group.after,
                rate=plain.mean,
                interval=wilson(group.size, group.after),
                comparison=compare(proportion(control.size, control.after), plain) if place else None,
                adjusted=None if past is None else compare(*past),
            )
        )
    sizes = [group.size for group in pairs]
    return Outcome(groups, sample_ratio_p(sizes, weights) if len(sizes) > 1 else None)


def judge_segment(begun: int, converted: int) -> Outcome:
    """Return the outcome of a single group that is compared with nothing."""
    return judge([""], [Pairs(begun, converted, 0, 0)], [1.0])
