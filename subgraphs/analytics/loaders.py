"""One batch loader per key, and the pages of the root lists."""

from collections.abc import Mapping, Sequence
from typing import cast

from sqlalchemy import Text, bindparam, func, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.sql.elements import ColumnElement

from shared.database.database import Database
from shared.graph.loaders import CountByKey, Listing, Loader, RowByKey, SliceByKey
from shared.graph.pagination import Sort
from subgraphs.analytics.inputs import EventFilter, ExperimentFilter
from subgraphs.analytics.models import AnalyticsEvent, DesignFact, Experiment, ExperimentAssignment, Export


class FactByDesign(RowByKey[DesignFact]):
    key = DesignFact.design_id


class ExperimentById(RowByKey[Experiment]):
    key = Experiment.id


class ExperimentByKey(RowByKey[Experiment]):
    key = Experiment.key


class ExportById(RowByKey[Export]):
    key = Export.id


class AssignmentsBySubject(SliceByKey[ExperimentAssignment]):
    key = ExperimentAssignment.subject
    sort = Sort(ExperimentAssignment.assigned_at)


class AssignmentCountBySubject(CountByKey):
    key = ExperimentAssignment.subject


class AssignmentByPair(Loader[tuple[str, str], ExperimentAssignment | None]):
    """The assignment of an experiment id and a subject, or None."""

    async def fetch(
        self, database: Database, keys: Sequence[tuple[str, str]]
    ) -> Mapping[tuple[str, str], ExperimentAssignment | None]:
        table = ExperimentAssignment.__table__
        experiments = bindparam(None, [experiment for experiment, _ in keys], type_=ARRAY(Text))
        subjects = bindparam(None, [subject for _, subject in keys], type_=ARRAY(Text))
        wanted = (
            func.unnest(experiments, subjects).table_valued("experiment_id", "subject", name="wanted").render_derived()
        )
        same = (table.c.experiment_id == wanted.c.experiment_id) & (table.c.subject == wanted.c.subject)
        async with database.read() as connection:
            rows = (await connection.execute(select(table).select_from(wanted.join(table, same)))).all()
        return {(row.experiment_id, row.subject): row for row in cast("Sequence[ExperimentAssignment]", rows)}


def _experiment_conditions(wanted: ExperimentFilter | None) -> list[ColumnElement[bool]]:
    return [] if wanted is None or wanted.status is None else [Experiment.status == wanted.status]


def event_conditions(wanted: EventFilter | Export | None) -> list[ColumnElement[bool]]:
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


EXPERIMENTS = Listing[Experiment, ExperimentFilter](Sort(Experiment.created_at), _experiment_conditions)
EVENTS = Listing[AnalyticsEvent, EventFilter](Sort(AnalyticsEvent.occurred_at), event_conditions)
EXPORTS = Listing[Export, None](Sort(Export.created_at))
