"""Root fields that read analytics."""

from typing import Annotated

import strawberry
from strawberry.scalars import JSON

from shared.access import require_owner, scoped
from shared.context import Info
from shared.paging import After, Before, First, Last, connect, page_of
from shared.validation import Checks
from subgraphs.analytics.inputs import EventFilter, ExperimentFilter
from subgraphs.analytics.loaders import (
    EVENTS,
    EXPERIMENTS,
    AssignmentByPair,
    ExperimentByKey,
    count_events,
    count_experiments,
    page_of_events,
    page_of_experiments,
)
from subgraphs.analytics.service.experiments import decide, is_public
from subgraphs.analytics.service.reading import read_properties
from subgraphs.analytics.service.subjects import is_users, read_subject
from subgraphs.analytics.types import (
    READ,
    AnalyticsEvent,
    AnalyticsEventConnection,
    Experiment,
    ExperimentConnection,
    VariantDecision,
)


@strawberry.type
class Query:
    @strawberry.field(
        description="What a subject gets of an experiment, without remembering it; null for an experiment that does "
        "not exist or has not begun. Another user's id needs `analytics:read`."
    )
    async def experiment_variant(
        self,
        info: Info,
        key: Annotated[str, strawberry.argument(description="The experiment's key.")],
        subject: Annotated[
            str | None,
            strawberry.argument(description="A visitor's id, or a user's; the caller's own unless told."),
        ] = None,
        attributes: Annotated[
            JSON | None, strawberry.argument(description="What targeting may ask for: a flat object.")
        ] = None,
    ) -> VariantDecision | None:
        context = info.context
        checks = Checks("")
        who = read_subject(checks, subject, context.viewer.id)
        known = read_properties(checks, "attributes", attributes)
        checks.done()
        if is_users(who):
            require_owner(context.viewer, who, READ)
        experiment = await context.loader(ExperimentByKey).load(key)
        if not is_public(experiment):
            return None
        assignment = await context.loader(AssignmentByPair).load((experiment.id, who))
        return VariantDecision.of(decide(experiment, assignment, who, known))

    @strawberry.field(description="One experiment by id; null if there is none.", extensions=scoped(READ))
    async def experiment(
        self, info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="The experiment's id.")]
    ) -> Experiment | None:
        return (await Experiment.resolve_references(info, [id]))[0]

    @strawberry.field(description="All experiments, newest first.", extensions=scoped(READ))
    async def experiments(
        self,
        info: Info,
        filter: Annotated[ExperimentFilter | None, strawberry.argument(description="Which to list.")] = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> ExperimentConnection | None:
        page = page_of(first, after, last, before)
        async with info.context.database.read() as connection:
            rows = await page_of_experiments(connection, filter, page)

        async def count() -> int:
            async with info.context.database.read() as connection:
                return await count_experiments(connection, filter)

        return connect(ExperimentConnection, rows, EXPERIMENTS, Experiment.from_row, count)

    @strawberry.field(description="All events, newest first.", extensions=scoped(READ))
    async def events(
        self,
        info: Info,
        filter: Annotated[EventFilter | None, strawberry.argument(description="Which to list.")] = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> AnalyticsEventConnection | None:
        page = page_of(first, after, last, before)
        async with info.context.database.read() as connection:
            rows = await page_of_events(connection, filter, page)

        async def count() -> int:
            async with info.context.database.read() as connection:
                return await count_events(connection, filter)

        return connect(AnalyticsEventConnection, rows, EVENTS, AnalyticsEvent.from_row, count)
