"""Reports that add up: metrics by hour or day, revenue, and how many of a week's newcomers come again."""

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Date, DateTime, bindparam, text
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.database.rows import many
from subgraphs.analytics.enums import Granularity, MetricDimension, ReportBasis
from subgraphs.analytics.service.aggregation.cohorts import WEEK
from subgraphs.analytics.service.aggregation.metrics import COUNTS
from subgraphs.analytics.service.reports.periods import Period

ORDERED = "order.created"
LONGEST_DAYS = {Granularity.HOUR: 31, Granularity.DAY: 366}
"""How long a period may be: an answer has no more than a thousand times."""
_MOMENTS = (bindparam("start", type_=DateTime(timezone=True)), bindparam("end", type_=DateTime(timezone=True)))
_SOURCES = {
    ReportBasis.AGGREGATES: "SELECT * FROM aggregated_metrics WHERE at >= :start AND at < :end",
    ReportBasis.EVENTS: f"{COUNTS} WHERE occurred_at >= :start AND occurred_at < :end AND name = :name"
    " GROUP BY 1, 2, 3, 4, 5, 6, 7",
}
_COHORTS = {
    ReportBasis.AGGREGATES: "SELECT cohort, week, subjects FROM cohort_total"
    " WHERE cohort >= :since AND cohort < :until AND subjects > 0 ORDER BY cohort, week",
    ReportBasis.EVENTS: f"WITH seen AS (SELECT DISTINCT subject, {WEEK} AS week FROM analytics_event"
    " WHERE subject IS NOT NULL), born AS (SELECT subject, min(week) AS cohort FROM seen GROUP BY subject)"
    " SELECT cohort, week, count(*) AS subjects FROM seen JOIN born USING (subject)"
    " WHERE cohort >= :since AND cohort < :until GROUP BY cohort, week ORDER BY cohort, week",
}


class MetricRow(NamedTuple):
    """One value of a metric, with those dimensions that were asked for."""

    at: dt.datetime
    events: int
    total_minor: int
    source: str
    product: str
    currency: str
    status: str


class CohortRow(NamedTuple):
    """How many of a week's newcomers were active in a later week."""

    cohort: dt.date
    week: dt.date
    subjects: int


async def count_metrics(
    connection: AsyncConnection,
    name: str,
    granularity: Granularity,
    period: Period,
    dimensions: Sequence[MetricDimension],
    basis: ReportBasis,
) -> Sequence[MetricRow]:
    """Return rows of `at`, each dimension asked for, `events` and `total_minor`, in that order of time."""
    columns = "".join(f", {dimension.value.lower()}" for dimension in dict.fromkeys(dimensions))
    statement = (
        f"SELECT at{columns}, sum(events)::bigint AS events, sum(total_minor)::bigint AS total_minor"
        f" FROM ({_SOURCES[basis]}) AS counted WHERE name = :name AND granularity = :granularity"
        f" GROUP BY at{columns} ORDER BY at{columns}"
    )
    values = {"name": name, "granularity": granularity.name} | {key: period.values[key] for key in ("start", "end")}
    return await many(connection, MetricRow, text(statement).bindparams(*_MOMENTS), values)


async def count_cohorts(
    connection: AsyncConnection, period: Period, basis: ReportBasis
) -> dict[dt.date, list[CohortRow]]:
    """Return, by the week in which subjects were first seen, rows of each `week` and how many were active in it."""
    statement = text(_COHORTS[basis]).bindparams(bindparam("since", type_=Date), bindparam("until", type_=Date))
    values = {key: period.values[key] for key in ("since", "until")}
    cohorts: dict[dt.date, list[CohortRow]] = {}
    for row in await many(connection, CohortRow, statement, values):
        cohorts.setdefault(row.cohort, []).append(row)
    return cohorts
