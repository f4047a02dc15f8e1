"""Adds the weeks in which persons did anything, and moves those whose first week turns out to be an earlier one."""

import datetime as dt
from collections.abc import Collection, Sequence

from sqlalchemy import ARRAY, BigInteger, Date, bindparam, text
from sqlalchemy.ext.asyncio import AsyncSession

from subgraphs.analytics.service.aggregation.persons import MEMBER, Members, member_parameters

WEEK = "date_trunc('week', occurred_at, 'UTC')::date"
_ADD = text(
    f"""
    WITH seen AS (
        SELECT coalesce(link.user_id, event.subject) AS subject, array_agg(DISTINCT {WEEK}) AS weeks
        FROM analytics_event AS event
        LEFT JOIN visitor_link AS link ON link.visitor = event.subject AND link.applied
        WHERE event.batch = ANY(:batches) AND event.subject IS NOT NULL GROUP BY 1
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
# Weeks whose events were dropped are known from before alone.
_COUNT_ANEW = text(
    f"""
    WITH {MEMBER}, before AS (
        SELECT member.person, known.subject, known.weeks FROM member JOIN subject_weeks AS known USING (subject)
    ), after AS (
        SELECT person, array_agg(DISTINCT week ORDER BY week) AS weeks FROM (
            SELECT person, week FROM before CROSS JOIN unnest(weeks) AS week WHERE week < :kept
            UNION ALL
            SELECT member.person, {WEEK} FROM member JOIN analytics_event USING (subject)
        ) AS active (person, week) GROUP BY person
    ), gone AS (
        DELETE FROM subject_weeks AS known USING before WHERE known.subject = before.subject
        AND (before.subject <> before.person OR before.person NOT IN (SELECT person FROM after))
    ), kept AS (
        INSERT INTO subject_weeks (subject, weeks) SELECT person, weeks FROM after
        ON CONFLICT (subject) DO UPDATE SET weeks = excluded.weeks
    ), difference AS (
        SELECT weeks[1] AS cohort, week, 1 AS subjects FROM after CROSS JOIN unnest(weeks) AS week
        UNION ALL
        SELECT weeks[1], week, -1 FROM before CROSS JOIN unnest(weeks) AS week
    )
    INSERT INTO cohort_total AS known (cohort, week, subjects)
    SELECT cohort, week, sum(subjects) FROM difference GROUP BY cohort, week HAVING sum(subjects) <> 0
    ON CONFLICT (cohort, week) DO UPDATE SET subjects = known.subjects + excluded.subjects
    """
).bindparams(*member_parameters(), bindparam("kept", type_=Date))


async def count_anew(session: AsyncSession, persons: Collection[str], members: Members, kept: dt.date) -> None:
    """Work out the weeks of persons from all events of their `members`; events from `kept` on are all kept."""
    if not persons:
        return
    wanted = set(persons)
    pairs = [pair for pair in zip(members["persons"], members["subjects"], strict=True) if pair[0] in wanted]
    of = {"persons": [person for person, _ in pairs], "subjects": [subject for _, subject in pairs]}
    await session.execute(_COUNT_ANEW, {**of, "kept": kept})


async def add(session: AsyncSession, batches: Sequence[int]) -> None:
    """Note the weeks of batches' events."""
    await session.execute(_ADD, {"batches": list(batches)})
