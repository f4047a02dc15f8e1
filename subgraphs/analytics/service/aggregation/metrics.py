"""Adds the events of batches to their hours and days."""

from collections.abc import Sequence

from sqlalchemy import ARRAY, BigInteger, Text, bindparam, text
from sqlalchemy.ext.asyncio import AsyncSession

ORDERED = "order.created"
EDITED = "order.value_edited"
REFUNDED = "order.value_refunded"
"""Corrections of what an order is worth, at the time when it was placed: their `totalMinor` is the difference."""
# Only what other subgraphs tell has dimensions and totals: clients may write what they like into theirs.
VALUED = bindparam("valued", [ORDERED, EDITED, REFUNDED], type_=ARRAY(Text))
COUNTS = """
SELECT name, granularity, date_trunc(lower(granularity), occurred_at, 'UTC') AS at, source,
       coalesce(told ->> 'product', '') AS product, coalesce(told ->> 'currency', '') AS currency,
       coalesce(told ->> 'status', '') AS status, count(*) AS events,
       coalesce(sum((told ->> 'totalMinor')::bigint) FILTER (WHERE name = ANY(:valued)), 0) AS total_minor
FROM analytics_event
CROSS JOIN LATERAL (SELECT CASE WHEN source = 'DOMAIN' THEN properties ELSE '{}' END) AS facts (told)
CROSS JOIN (VALUES ('HOUR'), ('DAY')) AS fine (granularity)
"""
_ADD = text(
    "INSERT INTO aggregated_metrics AS known"
    " (name, granularity, at, source, product, currency, status, events, total_minor)"
    f" {COUNTS} WHERE batch = ANY(:batches) GROUP BY 1, 2, 3, 4, 5, 6, 7"
    " ON CONFLICT (name, granularity, at, source, product, currency, status) DO UPDATE"
    " SET events = known.events + excluded.events, total_minor = known.total_minor + excluded.total_minor"
).bindparams(VALUED, bindparam("batches", type_=ARRAY(BigInteger)))


async def add(session: AsyncSession, batches: Sequence[int]) -> None:
    """Count the events of batches that were not counted before."""
    await session.execute(_ADD, {"batches": list(batches)})
