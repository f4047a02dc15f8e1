"""Root fields that take events in, change experiments and ask for exports, each below what it answers."""

from typing import Annotated, TypeAlias

import strawberry
from strawberry.utils.str_converters import to_camel_case

from shared.core.validation import Checks
from shared.graph.access import ANYBODY, require_owner, rule, scoped
from shared.graph.context import Info
from shared.graph.problems import (
    InvalidInputProblem,
    NotFoundProblem,
    RateLimitedProblem,
    TransitionProblem,
)
from subgraphs.analytics.enums import EventStatus
from subgraphs.analytics.inputs import (
    EventInput,
    EventsTrackInput,
    ExperimentAssignInput,
    ExperimentCreateInput,
    ExperimentStartInput,
    ExperimentStopInput,
    ExportCreateInput,
)
from subgraphs.analytics.results import EventVerdict, VariantDecision
from subgraphs.analytics.service import experiments
from subgraphs.analytics.service.event_parsing import read_properties
from subgraphs.analytics.service.event_storage import Recorder
from subgraphs.analytics.service.exports.requests import create_export
from subgraphs.analytics.service.subjects import is_users, read_subject, read_visitor
from subgraphs.analytics.service.tracking import BYTES_AN_EVENT, Intake, Sent, not_to_be_tracked, track_events
from subgraphs.analytics.settings import AnalyticsSettings
from subgraphs.analytics.types import READ, WRITE, Experiment, Export

_CAMEL = {name: to_camel_case(name) for name in EventInput.__annotations__}


@strawberry.type(description="A batch was taken in. What is accepted is stored durably.")
class EventsTrackSuccess:
    verdicts: list[EventVerdict] = strawberry.field(description="One per event, in the order of the batch.")

    def _count(self, status: EventStatus) -> int:
        return sum(verdict.status is status for verdict in self.verdicts)

    @strawberry.field(description="How many events were stored.")
    def accepted(self) -> int:
        return self._count(EventStatus.ACCEPTED)

    @strawberry.field(description="How many events were known already.")
    def duplicates(self) -> int:
        return self._count(EventStatus.DUPLICATE)

    @strawberry.field(description="How many events were not stored because the sender asked not to be tracked.")
    def ignored(self) -> int:
        return self._count(EventStatus.IGNORED)

    @strawberry.field(description="How many events break rules.")
    def rejected(self) -> int:
        return self._count(EventStatus.REJECTED)


EventsTrackResult: TypeAlias = Annotated[
    EventsTrackSuccess | InvalidInputProblem | RateLimitedProblem,
    strawberry.union(
        "EventsTrackResult", description="A verdict for each event, or why the batch as a whole was not taken."
    ),
]


@strawberry.type(description="The subject's variant was decided, and is remembered if it is in the experiment.")
class ExperimentAssignSuccess:
    decision: VariantDecision = strawberry.field(description="What the subject gets.")


ExperimentAssignResult: TypeAlias = Annotated[
    ExperimentAssignSuccess | InvalidInputProblem | NotFoundProblem,
    strawberry.union("ExperimentAssignResult", description="The decision, or why there is none."),
]


@strawberry.type(description="An experiment was drafted.")
class ExperimentCreateSuccess:
    experiment: Experiment = strawberry.field(description="The draft. Begin with `experimentStart`.")


ExperimentCreateResult: TypeAlias = Annotated[
    ExperimentCreateSuccess | InvalidInputProblem,
    strawberry.union("ExperimentCreateResult", description="The draft, or what is wrong with the input."),
]


@strawberry.type(description="An experiment was started.")
class ExperimentStartSuccess:
    experiment: Experiment = strawberry.field(description="The running experiment.")


ExperimentStartResult: TypeAlias = Annotated[
    ExperimentStartSuccess | TransitionProblem,
    strawberry.union("ExperimentStartResult", description="The running experiment, or why it did not start."),
]


@strawberry.type(description="An experiment was stopped.")
class ExperimentStopSuccess:
    experiment: Experiment = strawberry.field(description="The stopped experiment.")


ExperimentStopResult: TypeAlias = Annotated[
    ExperimentStopSuccess | TransitionProblem,
    strawberry.union("ExperimentStopResult", description="The stopped experiment, or why it goes on."),
]


@strawberry.type(description="An export was asked for.")
class ExportCreateSuccess:
    export: Export = strawberry.field(description="The export. Follow it with `exportProgress`.")


ExportCreateResult: TypeAlias = Annotated[
    ExportCreateSuccess | InvalidInputProblem | RateLimitedProblem | NotFoundProblem,
    strawberry.union(
        "ExportCreateResult",
        description="The export, or why there is none: what is wrong with the input, too many of the caller's exports "
        "are not finished, or the first result of a retried request is forgotten by now.",
    ),
]


@strawberry.type
class Mutation:
    @strawberry.mutation(
        description="Take in a batch of events, open to everybody. Each event gets its own verdict: a bad one does "
        "not cost the others, and a batch may be sent again as a whole.",
        metadata=ANYBODY,
    )
    async def events_track(
        self, info: Info, input: Annotated[EventsTrackInput, strawberry.argument(description="The batch.")]
    ) -> EventsTrackResult:
        context = info.context
        given = [{_CAMEL[name]: value for name, value in vars(event).items()} for event in input.events]
        assert context.request is not None  # noqa: S101 (the endpoint sets it)
        sent = Sent(given, input.sent_at, input.do_not_track or not_to_be_tracked(context.request.headers))
        with context.resource(Intake).place(len(given) * BYTES_AN_EVENT):
            verdicts = await track_events(context.resource(Recorder), context.viewer.id, sent, "input.events")
        return EventsTrackSuccess(verdicts=[EventVerdict.of(verdict) for verdict in verdicts])

    @strawberry.mutation(
        description="Give a subject its variant of an experiment and remember it, open to everybody: whoever is in "
        "keeps their variant as long as the experiment runs.",
        metadata=rule(owner=True, scope=WRITE, remark="for a user's id; anybody for a visitor's"),
    )
    async def experiment_assign(
        self, info: Info, input: Annotated[ExperimentAssignInput, strawberry.argument(description="Who and what.")]
    ) -> ExperimentAssignResult:
        context = info.context
        checks = Checks()
        subject = read_subject(checks, input.subject, context.viewer.id)
        visitor = read_visitor(checks, input.visitor, subject)
        attributes = read_properties(checks, "attributes", input.attributes)
        checks.raise_if_any()
        if is_users(subject):
            require_owner(context.viewer, subject, WRITE)
        decision = await experiments.assign_subject(context.database, input.key, subject, attributes, visitor)
        return ExperimentAssignSuccess(decision=VariantDecision.of(decision))

    @strawberry.mutation(description="Draft an experiment.", extensions=scoped(WRITE))
    async def experiment_create(
        self, info: Info, input: Annotated[ExperimentCreateInput, strawberry.argument(description="The experiment.")]
    ) -> ExperimentCreateResult:
        row = await experiments.create_experiment(info.context.database, input)
        return ExperimentCreateSuccess(experiment=Experiment.from_row(row))

    @strawberry.mutation(description="Begin to assign subjects.", extensions=scoped(WRITE))
    async def experiment_start(
        self, info: Info, input: Annotated[ExperimentStartInput, strawberry.argument(description="Which one.")]
    ) -> ExperimentStartResult:
        row = await experiments.start_experiment(info.context.database, input.id, input.version)
        return ExperimentStartSuccess(experiment=Experiment.from_row(row))

    @strawberry.mutation(description="End an experiment for good.", extensions=scoped(WRITE))
    async def experiment_stop(
        self, info: Info, input: Annotated[ExperimentStopInput, strawberry.argument(description="Which one.")]
    ) -> ExperimentStopResult:
        row = await experiments.stop_experiment(info.context.database, input.id, input.version)
        return ExperimentStopSuccess(experiment=Experiment.from_row(row))

    @strawberry.mutation(
        description="Have the events that were received until now written into a file, in the background.",
        extensions=scoped(READ),
    )
    async def export_create(
        self, info: Info, input: Annotated[ExportCreateInput, strawberry.argument(description="Which events, and how.")]
    ) -> ExportCreateResult:
        days = AnalyticsSettings.load().export_retention_days
        row = await create_export(info.context.database, info.context.user_id, input, days)
        return ExportCreateSuccess(export=Export.from_row(row))
