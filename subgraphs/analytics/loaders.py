"""One batch loader per key, and the pages of the root lists."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Text, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.sql.elements import ColumnElement

from shared.database.database import Database
from shared.database.rows import as_row
from shared.graph.loaders import CountByKey, Listing, Loader, RowByKey, SliceByKey
from shared.graph.pagination import Sort
from subgraphs.analytics.inputs import EventFilter, ExperimentFilter
from subgraphs.analytics.models import AnalyticsEvent, DesignFact, Experiment, ExperimentAssignment, Export, VisitorLink


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


class VisitorsByUser(SliceByKey[VisitorLink]):
    key = VisitorLink.user_id
    sort = Sort(VisitorLink.linked_at, tie_breaker="visitor")


class VisitorCountByUser(CountByKey):
    key = VisitorLink.user_id


_OF_PAIRS = text(
    "SELECT wanted.experiment_id AS wanted_experiment, wanted.subject AS wanted_subject, assigned.*"
    " FROM unnest(:experiments, :subjects) AS wanted (experiment_id, subject)"
    " LEFT JOIN visitor_link AS link ON link.visitor = wanted.subject"
    " CROSS JOIN LATERAL (SELECT known.* FROM experiment_assignment AS known"
    " WHERE known.experiment_id = wanted.experiment_id AND known.subject IN"
    " (SELECT coalesce(link.user_id, wanted.subject) UNION SELECT visitor FROM visitor_link"
    " WHERE user_id = coalesce(link.user_id, wanted.subject))"
    " ORDER BY known.subject <> wanted.subject, known.assigned_at, known.id LIMIT 1) AS assigned"
).bindparams(bindparam("experiments", type_=ARRAY(Text)), bindparam("subjects", type_=ARRAY(Text)))


class AssignmentByPair(Loader[tuple[str, str], ExperimentAssignment | None]):
    """The assignment of an experiment id and a subject, or else the first of the same person, or None."""

    async def fetch(
        self, database: Database, keys: Sequence[tuple[str, str]]
    ) -> Mapping[tuple[str, str], ExperimentAssignment | None]:
        wanted = {"experiments": [experiment for experiment, _ in keys], "subjects": [subject for _, subject in keys]}
        async with database.read() as connection:
            rows = (await connection.execute(_OF_PAIRS, wanted)).all()
        return {(row.wanted_experiment, row.wanted_subject): as_row(ExperimentAssignment, row) for row in rows}


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
