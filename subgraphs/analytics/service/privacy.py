"""Forgets people: what they did stays countable, and leads back to nobody."""

from collections.abc import Sequence

from sqlalchemy import case, delete, literal, null, select, update
from sqlalchemy.dialects.postgresql import JSONB, distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from shared.core.ids import new_id
from shared.graph.loaders import in_keys
from subgraphs.analytics.enums import EventSource
from subgraphs.analytics.models import (
    AnalyticsEvent,
    DesignFact,
    ExperimentAssignment,
    FunnelEntry,
    SubjectWeeks,
    VisitorLink,
)
from subgraphs.analytics.service.aggregation.persons import ALWAYS, apply_links_of
from subgraphs.analytics.service.aggregation.run import count_anew, hold_aggregation
from subgraphs.analytics.service.exports.retention import forget_in_exports
from subgraphs.analytics.service.subjects import ERASED, remember_as_forgotten


async def forget_user(session: AsyncSession, user_id: str) -> None:
    """Give a user's events and assignments a name that nobody knows, empty what clients wrote, and own no designs.

    The visitors that the user was are forgotten with them. One new name for all of them: funnels and experiments count
    the same as before. Files that hold what the events were like go.
    """
    # What it is counting would bring the id back.
    await hold_aggregation(session)
    await remember_as_forgotten(session, user_id)
    await _join(session, user_id)
    unlinked = delete(VisitorLink).where(VisitorLink.user_id == user_id).returning(VisitorLink.visitor)
    subjects = [user_id, *sorted(await session.scalars(unlinked))]
    nobody = new_id(ERASED)
    await forget_in_exports(session, subjects, nobody)
    written = AnalyticsEvent.source == EventSource.CLIENT
    await session.execute(
        update(AnalyticsEvent)
        .where(in_keys(AnalyticsEvent.subject, subjects))
        .values(
            subject=nobody,
            client_event_id=null(),
            properties=case((written, literal({}, JSONB)), else_=AnalyticsEvent.properties),
        )
        .execution_options(synchronize_session=False)
    )
    await _forget_assignments(session, subjects, nobody)
    for known in (FunnelEntry, SubjectWeeks):
        renamed = update(known).where(known.subject == user_id).values(subject=nobody)
        await session.execute(renamed.execution_options(synchronize_session=False))
    # Entries from before the first event that is kept still are the visitors' own, perhaps of the same days.
    for visitor in subjects[1:]:
        renamed = update(FunnelEntry).where(FunnelEntry.subject == visitor).values(subject=new_id(ERASED))
        await session.execute(renamed.execution_options(synchronize_session=False))
    # Locked in the order in which batches of views lock them.
    owned = select(DesignFact.design_id).where(DesignFact.owner_id == user_id)
    await session.execute(owned.order_by(DesignFact.design_id).with_for_update())
    await session.execute(update(DesignFact).where(DesignFact.owner_id == user_id).values(owner_id=null()))


async def _join(session: AsyncSession, user_id: str) -> None:
    """Have a user and their visitors counted as the one person that they are, where they still are not."""
    if await apply_links_of(session, user_id):
        await count_anew(session, {user_id: ALWAYS})


async def _forget_assignments(session: AsyncSession, subjects: Sequence[str], nobody: str) -> None:
    """Keep the first assignment of each experiment, which is the one that counts."""
    theirs = in_keys(ExperimentAssignment.subject, subjects)
    first = (
        select(ExperimentAssignment.id)
        .where(theirs)
        .ext(distinct_on(ExperimentAssignment.experiment_id))
        .order_by(ExperimentAssignment.experiment_id, ExperimentAssignment.assigned_at, ExperimentAssignment.id)
    )
    others = delete(ExperimentAssignment).where(theirs, ExperimentAssignment.id.not_in(first))
    await session.execute(others.execution_options(synchronize_session=False))
    renamed = update(ExperimentAssignment).where(theirs).values(subject=nobody, person=null())
    await session.execute(renamed.execution_options(synchronize_session=False))
