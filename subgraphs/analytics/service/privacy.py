"""Forgets people: what they did stays countable, and leads back to nobody."""

from sqlalchemy import case, literal, null, select, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession

from shared.core.ids import new_id
from subgraphs.analytics.enums import EventSource
from subgraphs.analytics.models import AnalyticsEvent, DesignFact, ExperimentAssignment, FunnelEntry, SubjectWeeks
from subgraphs.analytics.service.aggregation.run import hold_aggregation
from subgraphs.analytics.service.exports.retention import forget_in_exports
from subgraphs.analytics.service.subjects import ERASED, remember_as_forgotten


async def forget_user(session: AsyncSession, user_id: str) -> None:
    """Give a user's events and assignments a name that nobody knows, empty what clients wrote, and own no designs.

    One new name for all of them: funnels and experiments count the same as before. Files that hold what the events
    were like go.
    """
    # What it is counting would bring the id back.
    await hold_aggregation(session)
    await remember_as_forgotten(session, user_id)
    nobody = new_id(ERASED)
    await forget_in_exports(session, user_id, nobody)
    written = AnalyticsEvent.source == EventSource.CLIENT
    await session.execute(
        update(AnalyticsEvent)
        .where(AnalyticsEvent.subject == user_id)
        .values(
            subject=nobody,
            client_event_id=null(),
            properties=case((written, literal({}, JSONB)), else_=AnalyticsEvent.properties),
        )
        .execution_options(synchronize_session=False)
    )
    known: type[ExperimentAssignment | FunnelEntry | SubjectWeeks]
    for known in (ExperimentAssignment, FunnelEntry, SubjectWeeks):
        renamed = update(known).where(known.subject == user_id).values(subject=nobody)
        await session.execute(renamed.execution_options(synchronize_session=False))
    # Locked in the order in which batches of views lock them.
    owned = select(DesignFact.design_id).where(DesignFact.owner_id == user_id)
    await session.execute(owned.order_by(DesignFact.design_id).with_for_update())
    await session.execute(update(DesignFact).where(DesignFact.owner_id == user_id).values(owner_id=null()))
