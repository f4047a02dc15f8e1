"""Reports that add up: metrics by hour or day, revenue, and how many of a week's newcomers come again."""

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import ARRAY, Date, DateTime, Text, TextClause, bindparam, text
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.database.rows import many
from subgraphs.analytics.enums import Granularity, MetricDimension, ReportBasis
from subgraphs.analytics.service.aggregation.cohorts import WEEK
from subgraphs.analytics.service.aggregation.metrics import COUNTS, EDITED, ORDERED, REFUNDED, VALUED
from subgraphs.analytics.service.reports.periods import Period

LONGEST_DAYS = {Granularity.HOUR: 31, Granularity.DAY: 366}
"""How long a period may be: an answer has no more than a thousand times."""
_MOMENTS = (bindparam("start", type_=DateTime(timezone=True)), bindparam("end", type_=DateTime(timezone=True)))
_NAMES = bindparam("names", type_=ARRAY(Text))
_SOURCES = {
    ReportBasis.AGGREGATES: "SELECT * FROM aggregated_metrics WHERE at >= :start AND at < :end AND name = ANY(:names)",
    ReportBasis.EVENTS: f"{COUNTS} WHERE occurred_at >= :start AND occurred_at < :end AND name = ANY(:names)"
    " GROUP BY 1, 2, 3, 4, 5, 6, 7",
}
_REVENUE = (
    f"SELECT at, currency, coalesce(sum(events) FILTER (WHERE name = '{ORDERED}'), 0)::bigint AS orders,"
    f" coalesce(sum(total_minor) FILTER (WHERE name IN ('{ORDERED}', '{EDITED}')), 0)::bigint AS gross_minor,"
    f" coalesce(-sum(total_minor) FILTER (WHERE name = '{REFUNDED}'), 0)::bigint AS refunded_minor"
    " FROM ({source}) AS counted WHERE granularity = :granularity AND currency <> '' GROUP BY at, currency"
    " ORDER BY at, currency"
)
_COHORTS = {
    ReportBasis.AGGREGATES: "SELECT cohort, week, subjects FROM cohort_total"
    " WHERE cohort >= :since AND cohort < :until AND subjects > 0 ORDER BY cohort, week",
    ReportBasis.EVENTS: f"WITH seen AS (SELECT DISTINCT coalesce(link.user_id, event.subject) AS subject,"
    f" {WEEK} AS week"
    " FROM analytics_event AS event LEFT JOIN visitor_link AS link ON link.visitor = event.subject"
    " WHERE event.subject IS NOT NULL), born AS (SELECT subject, min(week) AS cohort FROM seen GROUP BY subject)"
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


class RevenueRow(NamedTuple):
    """What the orders of an hour or a day in one currency are worth: with edits, without test orders."""

    at: dt.datetime
    currency: str
    orders: int
    gross_minor: int
    refunded_minor: int


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
        f" FROM ({_SOURCES[basis]}) AS counted WHERE granularity = :granularity"
        f" GROUP BY at{columns} ORDER BY at{columns}"
    )
    values = {"names": [name], "granularity": granularity.name} | {key: period.values[key] for key in ("start", "end")}
    return await many(connection, MetricRow, _bound(statement, basis), values)


async def count_revenue(
    connection: AsyncConnection, granularity: Granularity, period: Period, basis: ReportBasis
) -> Sequence[RevenueRow]:
    """Return what orders of a period are worth by now, by the time at which they were placed, and currency."""
    statement = _REVENUE.replace("{source}", _SOURCES[basis])
    moments = {key: period.values[key] for key in ("start", "end")}
    values = {"names": [ORDERED, EDITED, REFUNDED], "granularity": granularity.name} | moments
    return await many(connection, RevenueRow, _bound(statement, basis), values)


def _bound(statement: str, basis: ReportBasis) -> TextClause:
    counted = (VALUED,) if basis is ReportBasis.EVENTS else ()
    return text(statement).bindparams(*_MOMENTS, _NAMES, *counted)


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
