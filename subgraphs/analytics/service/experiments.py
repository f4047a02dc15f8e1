"""Defines, starts and stops experiments, and says who gets which variant."""

import datetime as dt
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Text, bindparam, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from shared.core.errors import VersionConflict
from shared.core.ids import new_id
from shared.core.validation import Checks
from shared.database.database import Database
from shared.database.rows import one_or_none
from shared.events.event import Event
from shared.events.outbox import record
from subgraphs.analytics.enums import DecisionReason, ExperimentStatus, HashVersion
from subgraphs.analytics.errors import TooManyVisitors, cannot_become, key_taken, not_a_draft, unknown_experiment
from subgraphs.analytics.events import ExperimentCreated, ExperimentStarted, ExperimentStopped, ExperimentUpdated
from subgraphs.analytics.inputs import (
    ExperimentCreateInput,
    ExperimentUpdateInput,
    NamespaceInput,
    TargetingInput,
    VariantInput,
)
from subgraphs.analytics.models import Experiment, ExperimentAssignment, RuleData, VariantData
from subgraphs.analytics.service.aggregation.funnels import EXPOSED
from subgraphs.analytics.service.assignment import Attributes, Condition, Namespace, Plan, assign
from subgraphs.analytics.service.identification import link_visitor, owner_of
from subgraphs.analytics.service.subjects import LONGEST_SUBJECT, unless_forgotten
from subgraphs.analytics.service.tracking import record_domain_event

MOST_VARIANTS = 20
MOST_CONDITIONS = 20
MOST_VALUES = 100
WEIGHT_TOLERANCE = 1e-6
_KEY = re.compile(r"[a-z][a-z0-9_-]{1,63}", re.ASCII)
_NUMBER_OF_HASH = {HashVersion.V1: 1, HashVersion.V2: 2}


@dataclass(frozen=True)
class Decision:
    """What a subject gets of an experiment: a variant's key or None, why, and since when."""

    key: str
    variant: str | None
    reason: DecisionReason
    assigned_at: dt.datetime | None = None


def plan_of(row: Experiment) -> Plan:
    """Return what decides about subjects of an experiment's row."""
    namespace = None
    if row.namespace is not None and row.namespace_start is not None and row.namespace_end is not None:
        namespace = Namespace(row.namespace, row.namespace_start, row.namespace_end)
    return Plan(
        seed=row.seed,
        hash_version=_NUMBER_OF_HASH[row.hash_version],
        variants=tuple(variant["key"] for variant in row.variants),
        weights=tuple(variant["weight"] for variant in row.variants),
        coverage=row.coverage,
        namespace=namespace,
        targeting=tuple(Condition(rule["attribute"], frozenset(rule["any_of"])) for rule in row.targeting),
    )


def is_public(row: Experiment | None) -> bool:
    """Tell whether everybody may know of an experiment; None is one that does not exist."""
    return row is not None and row.status is not ExperimentStatus.DRAFT


def decide(row: Experiment, assignment: ExperimentAssignment | None, subject: str, attributes: Attributes) -> Decision:
    """Say what a subject gets: what it once got, as long as the experiment runs, else what the hash says."""
    if row.status is ExperimentStatus.STOPPED:
        return Decision(row.key, None, DecisionReason.ENDED)
    if assignment is not None:
        return Decision(row.key, assignment.variant, DecisionReason.ASSIGNED, assignment.assigned_at)
    choice = assign(plan_of(row), subject, attributes)
    return Decision(row.key, choice.variant, choice.reason)


async def assign_subject(
    database: Database,
    key: str,
    subject: str,
    attributes: Attributes,
    visitor: str | None = None,
    *,
    identify: bool = False,
    remember: bool = True,
) -> Decision:
    """Give a subject its variant and remember it; raises NotFound for what is not known in public.

    `visitor` is who a user was before they logged in, unless that was somebody else; with `identify` they are linked.
    A person has one variant: the first that any of their subjects was given. `remember` is False for bots.
    """
    async with database.write() as session:
        # Held against a concurrent stop: a subject that is assigned was so while the experiment ran.
        wanted = select(Experiment.__table__).where(Experiment.key == key).with_for_update(read=True)
        row = await one_or_none(session, Experiment, wanted)
        if row is None or not is_public(row):
            raise unknown_experiment()
        was = await _former_visitor(session, subject, visitor, identify and remember) if visitor is not None else None
        known = await _assignment(session, row.id, subject)
        earlier = await _of_person(session, row.id, subject, was) if known is None else None
        decision = decide(row, known or earlier, subject, attributes)
        if decision.variant is None or known is not None or not remember:
            return decision
        if await unless_forgotten(session, subject) is None:
            return decision
        return await _remember(session, row, subject, decision.variant)


async def _former_visitor(session: AsyncSession, user_id: str, visitor: str, identify: bool) -> str | None:
    """Return the visitor unless they are another user's."""
    if not identify:
        return visitor if await owner_of(session, visitor) in (None, user_id) else None
    try:
        return visitor if await link_visitor(session, user_id, visitor) else None
    except TooManyVisitors:
        return None


_OF_PERSON = text(
    "WITH person AS (SELECT coalesce((SELECT user_id FROM visitor_link WHERE visitor = :subject), :subject) AS id),"
    " member AS (SELECT id AS subject FROM person UNION"
    " SELECT link.visitor FROM person JOIN visitor_link AS link ON link.user_id = person.id UNION SELECT :visitor)"
    " SELECT assigned.* FROM member JOIN experiment_assignment AS assigned USING (subject)"
    " WHERE assigned.experiment_id = :experiment ORDER BY assigned.assigned_at, assigned.id LIMIT 1"
).bindparams(bindparam("subject", type_=Text), bindparam("visitor", type_=Text))


async def _of_person(
    session: AsyncSession, experiment_id: str, subject: str, visitor: str | None
) -> ExperimentAssignment | None:
    """Return the first assignment of the person whom a subject belongs to, and of the visitor that they were."""
    of = {"experiment": experiment_id, "subject": subject, "visitor": visitor}
    return await one_or_none(session, ExperimentAssignment, _OF_PERSON, of)


async def _assignment(session: AsyncSession, experiment_id: str, subject: str) -> ExperimentAssignment | None:
    statement = select(ExperimentAssignment.__table__).where(
        ExperimentAssignment.experiment_id == experiment_id, ExperimentAssignment.subject == subject
    )
    return await one_or_none(session, ExperimentAssignment, statement)


async def _remember(session: AsyncSession, row: Experiment, subject: str, variant: str) -> Decision:
    statement = insert(ExperimentAssignment).values(
        id=new_id("asg"), experiment_id=row.id, subject=subject, variant=variant, assigned_at=dt.datetime.now(dt.UTC)
    )
    assignment = await session.scalar(statement.on_conflict_do_nothing().returning(ExperimentAssignment.id))
    if assignment is not None:
        await _expose(session, assignment, row.id, subject, variant)
    # Another request may have been first; what it wrote is what counts.
    kept = await _assignment(session, row.id, subject)
    assert kept is not None  # noqa: S101 (an assignment is never deleted)
    return Decision(row.key, kept.variant, DecisionReason.ASSIGNED, kept.assigned_at)


async def _expose(session: AsyncSession, assignment: str, experiment_id: str, subject: str, variant: str) -> None:
    """Store that a subject meets an experiment for the first time: by this the aggregation counts it in."""
    about = {"experimentId": experiment_id, "variant": variant}
    moment = dt.datetime.now(dt.UTC)
    await record_domain_event(
        session, f"evt_{assignment[4:]}", EXPOSED, moment, subject=subject, design_id=None, properties=about
    )


async def create_experiment(database: Database, given: ExperimentCreateInput) -> Experiment:
    """Draft an experiment and return its row; raises InvalidInput."""
    values = _checked(given)
    async with database.write() as session:
        statement = insert(Experiment).values(**values).on_conflict_do_nothing().returning(*Experiment.__table__.c)
        row = await one_or_none(session, Experiment, statement)
        if row is None:
            raise key_taken()
        await record(session, ExperimentCreated(experiment_id=row.id, key=row.key))
    return row


async def update_experiment(database: Database, given: ExperimentUpdateInput) -> Experiment:
    """Change a draft and return its row; raises InvalidInput, NotFound, VersionConflict or IllegalState.

    Its key stays, and so do its seed and hash: who gets which variant follows from them.
    """
    checks = Checks()
    sent = given.changes(checks, removable={"namespace"})
    changes: dict[str, object] = {}
    if isinstance(given.name, str):
        changes["name"] = checks.text("name", given.name, longest=100)
    if isinstance(given.hypothesis, str):
        changes["hypothesis"] = checks.text("hypothesis", given.hypothesis, shortest=0, longest=500)
    if isinstance(given.coverage, float):
        _check_coverage(checks, given.coverage)
        changes["coverage"] = given.coverage
    if isinstance(given.variants, list):
        changes["variants"] = _variants(checks, given.variants)
    if isinstance(given.targeting, list):
        changes["targeting"] = _targeting(checks, given.targeting)
    if "namespace" in sent:
        nowhere = dict.fromkeys(("namespace", "namespace_start", "namespace_end"))
        changes |= _namespace(checks, given.namespace) or nowhere
    checks.raise_if_any()
    is_draft = (Experiment.version == given.version, Experiment.status == ExperimentStatus.DRAFT)
    async with database.write() as session:
        statement = (
            update(Experiment)
            .where(Experiment.id == given.id, *is_draft)
            .values({**changes, "version": Experiment.version + 1})
            .returning(*Experiment.__table__.c)
        )
        row = await one_or_none(session, Experiment, statement)
        if row is None:
            raise await _missed(session, given.id, given.version, None)
        await record(session, ExperimentUpdated(experiment_id=row.id, key=row.key, fields=sorted(sent)))
    return row


async def start_experiment(database: Database, experiment_id: str, version: int) -> Experiment:
    """Begin to assign subjects; raises NotFound, VersionConflict or IllegalState."""
    return await _move(database, experiment_id, version, ExperimentStatus.DRAFT, ExperimentStatus.RUNNING)


async def stop_experiment(database: Database, experiment_id: str, version: int) -> Experiment:
    """End an experiment for good; raises NotFound, VersionConflict or IllegalState."""
    return await _move(database, experiment_id, version, ExperimentStatus.RUNNING, ExperimentStatus.STOPPED)


async def _move(
    database: Database, experiment_id: str, version: int, source: ExperimentStatus, target: ExperimentStatus
) -> Experiment:
    starts = target is ExperimentStatus.RUNNING
    moment = "started_at" if starts else "stopped_at"
    async with database.write() as session:
        statement = (
            update(Experiment)
            .where(Experiment.id == experiment_id, Experiment.version == version, Experiment.status == source)
            .values({"status": target, "version": Experiment.version + 1, moment: dt.datetime.now(dt.UTC)})
            .returning(*Experiment.__table__.c)
        )
        row = await one_or_none(session, Experiment, statement)
        if row is None:
            raise await _missed(session, experiment_id, version, target)
        happened: type[Event] = ExperimentStarted if starts else ExperimentStopped
        await record(session, happened(experiment_id=row.id, key=row.key))
    return row


async def _missed(
    session: AsyncSession, experiment_id: str, version: int, target: ExperimentStatus | None
) -> Exception:
    """Return why no experiment was moved to a status, or changed as a draft."""
    known = select(Experiment.version, Experiment.status).where(Experiment.id == experiment_id)
    row = (await session.execute(known)).one_or_none()
    if row is None:
        return unknown_experiment()
    if row.version != version:
        return VersionConflict("The experiment was changed since you read it; read it again.", row.version)
    return not_a_draft(row.status.value) if target is None else cannot_become(row.status.value, target.value)


def _checked(given: ExperimentCreateInput) -> dict[str, object]:
    checks = Checks()
    if not _KEY.fullmatch(given.key):
        checks.refuse(
            "key", "INVALID_KEY", "Use 2 to 64 lower-case letters, digits, `-` and `_`, starting with a letter."
        )
    _check_coverage(checks, given.coverage)
    seed = given.key if given.seed is None else checks.text("seed", given.seed, longest=LONGEST_SUBJECT)
    values = {
        "id": new_id("exp"),
        "key": given.key,
        "name": checks.text("name", given.name, longest=100),
        "hypothesis": checks.text("hypothesis", given.hypothesis, shortest=0, longest=500),
        "status": ExperimentStatus.DRAFT,
        "seed": seed,
        "hash_version": given.hash_version,
        "coverage": given.coverage,
        "variants": _variants(checks, given.variants),
        "targeting": _targeting(checks, given.targeting),
        "created_at": dt.datetime.now(dt.UTC),
        **_namespace(checks, given.namespace),
    }
    checks.raise_if_any()
    return values


def _check_coverage(checks: Checks, coverage: float) -> None:
    if not 0 <= coverage <= 1:
        checks.refuse("coverage", "OUT_OF_RANGE", "`coverage` must be from 0 to 1.")


def _variants(checks: Checks, given: Sequence[VariantInput]) -> list[VariantData]:
    if not 2 <= len(given) <= MOST_VARIANTS:
        checks.refuse("variants", "OUT_OF_RANGE", f"Send 2 to {MOST_VARIANTS} variants.")
        return []
    for position, variant in enumerate(given):
        if not _KEY.fullmatch(variant.key):
            message = "Use 2 to 64 lower-case letters, digits, `-` and `_`, starting with a letter."
            checks.refuse(f"variants.{position}.key", "INVALID_KEY", message)
        if not 0 < variant.weight <= 1:
            checks.refuse(
                f"variants.{position}.weight", "OUT_OF_RANGE", "`weight` must be greater than 0 and at most 1."
            )
    if len({variant.key for variant in given}) < len(given):
        checks.refuse("variants", "NOT_UNIQUE", "Give each variant a different key.")
    if abs(math.fsum(variant.weight for variant in given) - 1) > WEIGHT_TOLERANCE:
        checks.refuse("variants", "WEIGHTS", "The weights must add up to 1.")
    return [{"key": variant.key, "weight": variant.weight} for variant in given]


def _targeting(checks: Checks, given: Sequence[TargetingInput]) -> list[RuleData]:
    if len(given) > MOST_CONDITIONS:
        checks.refuse("targeting", "TOO_MANY", f"At most {MOST_CONDITIONS} conditions are allowed.")
        return []
    rules: list[RuleData] = []
    for position, rule in enumerate(given):
        path = f"targeting.{position}"
        if not 1 <= len(rule.any_of) <= MOST_VALUES:
            checks.refuse(f"{path}.anyOf", "OUT_OF_RANGE", f"Send 1 to {MOST_VALUES} values.")
            continue
        values = [checks.text(f"{path}.anyOf.{index}", value) for index, value in enumerate(rule.any_of)]
        attribute = checks.text(f"{path}.attribute", rule.attribute, longest=64)
        rules.append({"attribute": attribute, "any_of": values})
    return rules


def _namespace(checks: Checks, given: NamespaceInput | None) -> dict[str, object]:
    if given is None:
        return {}
    if not 0 <= given.start < given.end <= 1:
        checks.refuse("namespace", "OUT_OF_RANGE", "`start` must be less than `end`, and both must be from 0 to 1.")
    name = checks.text("namespace.name", given.name, longest=64)
    return {"namespace": name, "namespace_start": given.start, "namespace_end": given.end}
