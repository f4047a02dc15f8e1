"""Works out which goals subjects of experiments reached, in the days after and before they got their variant."""

from collections.abc import Sequence

from sqlalchemy import ARRAY, Text, bindparam, text
from sqlalchemy.ext.asyncio import AsyncSession

from subgraphs.analytics.enums import FunnelStep

GOALS = [step.value for step in FunnelStep][1:]
"""Each has a bit: the first 1, the second 2, and so on."""
DAYS = 30
REACHED = f"""
SELECT assigned.id, assigned.experiment_id, assigned.variant,
       coalesce(bit_or(1 << (array_position(:goals, event.name) - 1))
                FILTER (WHERE event.occurred_at >= assigned.assigned_at), 0) AS converted,
       coalesce(bit_or(1 << (array_position(:goals, event.name) - 1))
                FILTER (WHERE event.occurred_at < assigned.assigned_at), 0) AS before
FROM experiment_assignment AS assigned
LEFT JOIN analytics_event AS event ON event.subject = assigned.subject AND event.name = ANY(:goals)
     AND event.occurred_at >= assigned.assigned_at - interval '{DAYS} days'
     AND event.occurred_at < assigned.assigned_at + interval '{DAYS} days'
"""
# A goal that was reached stays so, though the months that tell of it be dropped.
_WORK_OUT = text(
    f"""
    WITH reached AS ({REACHED} WHERE assigned.subject = ANY(:subjects) GROUP BY assigned.id),
    fresh AS (
        SELECT known.id, known.experiment_id, known.variant, known.counted, known.converted AS old_converted,
               known.before AS old_before, known.converted | reached.converted AS converted,
               known.before | reached.before AS before
        FROM experiment_assignment AS known JOIN reached USING (id)
    ), kept AS (
        UPDATE experiment_assignment AS known
        SET counted = true, converted = fresh.converted, before = fresh.before
        FROM fresh WHERE known.id = fresh.id AND (NOT fresh.counted OR fresh.converted <> fresh.old_converted
                                                  OR fresh.before <> fresh.old_before)
    ), difference AS (
        SELECT experiment_id, variant, converted, before, 1 AS subjects FROM fresh
        UNION ALL
        SELECT experiment_id, variant, old_converted, old_before, -1 FROM fresh WHERE counted
    )
    INSERT INTO experiment_total AS known (experiment_id, variant, converted, before, subjects)
    SELECT experiment_id, variant, converted, before, sum(subjects) FROM difference
    GROUP BY experiment_id, variant, converted, before HAVING sum(subjects) <> 0
    ON CONFLICT (experiment_id, variant, converted, before) DO UPDATE SET subjects = known.subjects + excluded.subjects
    """
).bindparams(bindparam("subjects", type_=ARRAY(Text)), bindparam("goals", GOALS, type_=ARRAY(Text)))


async def work_out(session: AsyncSession, subjects: Sequence[str]) -> None:
    """Bring the outcomes of some subjects up to date, in all of their experiments."""
    if subjects:
        await session.execute(_WORK_OUT, {"subjects": list(subjects)})
