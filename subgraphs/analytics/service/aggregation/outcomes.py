"""Works out which goals persons in experiments reached, in the time after and before they got their variant.

A person has one variant of an experiment: the first that any of their subjects was given.
"""

import datetime as dt

from sqlalchemy import ARRAY, Date, Text, bindparam, text
from sqlalchemy.ext.asyncio import AsyncSession

from subgraphs.analytics.enums import FunnelStep, FunnelWindow
from subgraphs.analytics.service.aggregation.funnels import ATTRIBUTED, WINDOWS
from subgraphs.analytics.service.aggregation.persons import MEMBER, Members, member_parameters

GOALS = [step.value for step in FunnelStep][1:]
"""Each has a bit: the first 1, the second 2, and so on."""
GOAL_NAMES = [*GOALS, ATTRIBUTED]
DAYS = 30
SHIFTS = {FunnelWindow.MONTH: 0, FunnelWindow.HOUR: 4, FunnelWindow.DAY: 8, FunnelWindow.WEEK: 12}
"""By how many bits the goals that were reached within a window are shifted in `converted`."""
_GOAL = f"least(array_position(:goals, event.name), {len(GOALS)}) - 1"
_AFTER = " | ".join(
    f"CASE WHEN event.occurred_at <= first.assigned_at + interval '{WINDOWS[window].total_seconds():.0f} seconds'"
    f" THEN 1 << ({_GOAL} + {shift}) ELSE 0 END"
    for window, shift in SHIFTS.items()
)
REACHED = f"""
first AS (
    SELECT DISTINCT ON (assigned.experiment_id, member.person) assigned.id, assigned.experiment_id, assigned.variant,
           assigned.assigned_at, assigned.counted, assigned.converted, assigned.before, assigned.subject, member.person
    FROM member JOIN experiment_assignment AS assigned USING (subject) {{condition}}
    ORDER BY assigned.experiment_id, member.person, assigned.assigned_at, assigned.id
), reached AS (
    SELECT first.id, first.variant,
           coalesce(bit_or({_AFTER}) FILTER (WHERE event.occurred_at >= first.assigned_at), 0) AS converted,
           coalesce(bit_or(1 << ({_GOAL})) FILTER (WHERE event.occurred_at < first.assigned_at), 0) AS before
    FROM first LEFT JOIN member ON member.person = first.person
    LEFT JOIN analytics_event AS event ON event.subject = member.subject AND event.name = ANY(:goals)
         AND event.occurred_at >= first.assigned_at - interval '{DAYS} days'
         AND event.occurred_at <= first.assigned_at + interval '{DAYS} days'
    GROUP BY first.id, first.variant
)
"""
"""The first assignments of `member`, and which goals were reached; `condition` chooses among assignments."""
# What the events tell is exact as long as all of them are kept; a goal that was reached before stays so after that.
_KEPT = f"(first.assigned_at - interval '{DAYS} days') >= CAST(:kept AS timestamp) AT TIME ZONE 'UTC'"
_WORK_OUT = text(
    f"""
    WITH {MEMBER}, {REACHED.format(condition="")}, fresh AS (
        SELECT first.id, first.experiment_id, first.variant, first.counted, first.converted AS old_converted,
               first.before AS old_before, nullif(first.person, first.subject) AS person,
               reached.converted | CASE WHEN {_KEPT} THEN 0 ELSE first.converted END AS converted,
               reached.before | CASE WHEN {_KEPT} THEN 0 ELSE first.before END AS before
        FROM first JOIN reached USING (id)
    ), replaced AS (
        SELECT assigned.id, assigned.experiment_id, assigned.variant, assigned.converted, assigned.before
        FROM member JOIN experiment_assignment AS assigned USING (subject)
        WHERE assigned.counted AND NOT EXISTS (SELECT FROM first WHERE first.id = assigned.id)
    ), kept AS (
        UPDATE experiment_assignment AS known
        SET counted = true, person = fresh.person, converted = fresh.converted, before = fresh.before
        FROM fresh WHERE known.id = fresh.id
        AND (NOT fresh.counted OR (known.person, fresh.old_converted, fresh.old_before)
             IS DISTINCT FROM (fresh.person, fresh.converted, fresh.before))
    ), dropped AS (
        UPDATE experiment_assignment AS known SET counted = false, person = NULL FROM replaced
        WHERE known.id = replaced.id
    ), difference AS (
        SELECT experiment_id, variant, converted, before, 1 AS subjects FROM fresh
        UNION ALL
        SELECT experiment_id, variant, old_converted, old_before, -1 FROM fresh WHERE counted
        UNION ALL
        SELECT experiment_id, variant, converted, before, -1 FROM replaced
    )
    INSERT INTO experiment_total AS known (experiment_id, variant, converted, before, subjects)
    SELECT experiment_id, variant, converted, before, sum(subjects) FROM difference
    GROUP BY experiment_id, variant, converted, before HAVING sum(subjects) <> 0
    ON CONFLICT (experiment_id, variant, converted, before) DO UPDATE SET subjects = known.subjects + excluded.subjects
    """
).bindparams(*member_parameters(), bindparam("kept", type_=Date), bindparam("goals", GOAL_NAMES, type_=ARRAY(Text)))


async def work_out(session: AsyncSession, members: Members, kept: dt.date) -> None:
    """Bring the outcomes of persons up to date, in all of their experiments; events from `kept` on are all kept."""
    if members["persons"]:
        await session.execute(_WORK_OUT, {**members, "kept": kept})
