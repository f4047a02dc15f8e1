"""Adds the weeks in which subjects did anything, and moves those whose first week turns out to be an earlier one."""

from collections.abc import Sequence

from sqlalchemy import ARRAY, BigInteger, bindparam, text
from sqlalchemy.ext.asyncio import AsyncSession

WEEK = "date_trunc('week', occurred_at, 'UTC')::date"
_ADD = text(
    f"""
    WITH seen AS (
        SELECT subject, array_agg(DISTINCT {WEEK}) AS weeks FROM analytics_event
        WHERE batch = ANY(:batches) AND subject IS NOT NULL GROUP BY subject
    ), changed AS (
        SELECT seen.subject, known.weeks AS before, merged.weeks
        FROM seen LEFT JOIN subject_weeks AS known USING (subject)
        CROSS JOIN LATERAL (
            SELECT array_agg(DISTINCT week ORDER BY week) AS weeks
            FROM unnest(coalesce(known.weeks, '{{}}') || seen.weeks) AS week
        ) AS merged
        WHERE merged.weeks IS DISTINCT FROM known.weeks
    ), kept AS (
        INSERT INTO subject_weeks (subject, weeks) SELECT subject, weeks FROM changed
        ON CONFLICT (subject) DO UPDATE SET weeks = excluded.weeks
    ), difference AS (
        SELECT weeks[1] AS cohort, week, 1 AS subjects FROM changed CROSS JOIN unnest(weeks) AS week
        UNION ALL
        SELECT before[1], week, -1 FROM changed CROSS JOIN unnest(before) AS week
    )
    INSERT INTO cohort_total AS known (cohort, week, subjects)
    SELECT cohort, week, sum(subjects) FROM difference GROUP BY cohort, week HAVING sum(subjects) <> 0
    ON CONFLICT (cohort, week) DO UPDATE SET subjects = known.subjects + excluded.subjects
    """
).bindparams(bindparam("batches", type_=ARRAY(BigInteger)))


async def add(session: AsyncSession, batches: Sequence[int]) -> None:
    """Note the weeks of batches' events."""
    await session.execute(_ADD, {"batches": list(batches)})
