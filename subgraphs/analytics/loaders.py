"""One batch loader per key, and the pages of the root lists."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Text, bindparam, func, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.elements import ColumnElement

from shared.database.database import Database
from shared.graph.loaders import CountByKey, Loader, RowByKey, SliceByKey, page_of_all
from shared.graph.pagination import Page, Slice, Sort, order_by, slice_of
from subgraphs.analytics.inputs import EventFilter, ExperimentFilter
from subgraphs.analytics.models import AnalyticsEvent, DesignFact, Experiment, ExperimentAssignment, Export

EVENTS = Sort(AnalyticsEvent.occurred_at)
EXPERIMENTS = Sort(Experiment.created_at)
EXPORTS = Sort(Export.created_at)
ASSIGNMENTS = Sort(ExperimentAssignment.assigned_at)


class FactByDesign(RowByKey):
    key = DesignFact.design_id


class ExperimentById(RowByKey):
    key = Experiment.id


class ExperimentByKey(RowByKey):
    key = Experiment.key


class ExportById(RowByKey):
    key = Export.id


class AssignmentsBySubject(SliceByKey):
    key = ExperimentAssignment.subject
    sort = ASSIGNMENTS


class AssignmentCountBySubject(CountByKey):
    key = ExperimentAssignment.subject


class AssignmentByPair(Loader[tuple[str, str], Any]):
    """The assignment of an experiment id and a subject, or None."""

    async def fetch(self, database: Database, keys: Sequence[tuple[str, str]]) -> Mapping[tuple[str, str], Any]:
        table = ExperimentAssignment.__table__
        experiments = bindparam(None, [experiment for experiment, _ in keys], type_=ARRAY(Text))
        subjects = bindparam(None, [subject for _, subject in keys], type_=ARRAY(Text))
        wanted = (
            func.unnest(experiments, subjects).table_valued("experiment_id", "subject", name="wanted").render_derived()
        )
        same = (table.c.experiment_id == wanted.c.experiment_id) & (table.c.subject == wanted.c.subject)
        async with database.read() as connection:
            rows = await connection.execute(select(table).select_from(wanted.join(table, same)))
        return {(row.experiment_id, row.subject): row for row in rows}


async def page_of_experiments(connection: AsyncConnection, wanted: ExperimentFilter | None, page: Page) -> Slice:
    """Fetch one page of all experiments."""
    statement = select(Experiment.__table__).where(*_experiment_conditions(wanted))
    return slice_of((await connection.execute(order_by(statement, EXPERIMENTS, page))).all(), page)


async def count_experiments(connection: AsyncConnection, wanted: ExperimentFilter | None) -> int:
    """Count the experiments that a filter lets pass."""
    statement = select(func.count(Experiment.id)).where(*_experiment_conditions(wanted))
    return await connection.scalar(statement) or 0


def _experiment_conditions(wanted: ExperimentFilter | None) -> list[ColumnElement[bool]]:
    return [] if wanted is None or wanted.status is None else [Experiment.status == wanted.status]


async def page_of_events(connection: AsyncConnection, wanted: EventFilter | None, page: Page) -> Slice:
    """Fetch one page of all events."""
    statement = select(AnalyticsEvent.__table__).where(*event_conditions(wanted))
    return slice_of((await connection.execute(order_by(statement, EVENTS, page))).all(), page)


async def count_events(connection: AsyncConnection, wanted: EventFilter | None) -> int:
    """Count the events that a filter lets pass."""
    statement = select(func.count()).select_from(AnalyticsEvent.__table__).where(*event_conditions(wanted))
    return await connection.scalar(statement) or 0


def event_conditions(wanted: Any) -> list[ColumnElement[bool]]:
    """Return what a filter, or the row of an export, asks of events; None asks nothing."""
    if wanted is None:
        return []
    conditions: list[ColumnElement[bool]] = []
    for name in ("name", "subject", "design_id", "source"):
        value = getattr(wanted, name)
        if value is not None:
            conditions.append(AnalyticsEvent.__table__.c[name] == value)
    if wanted.since is not None:
        conditions.append(AnalyticsEvent.occurred_at >= wanted.since)
    if wanted.until is not None:
        conditions.append(AnalyticsEvent.occurred_at < wanted.until)
    return conditions


async def page_of_exports(database: Database, page: Page) -> Slice:
    """Fetch one page of all exports."""
    return await page_of_all(database, list(Export.__table__.c), EXPORTS, page)


async def count_exports(connection: AsyncConnection) -> int:
    """Count all exports."""
    return await connection.scalar(select(func.count(Export.id))) or 0
