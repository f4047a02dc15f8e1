"""Root fields that take events in, change experiments and ask for exports, each below what it answers."""

from typing import Annotated, TypeAlias

import strawberry
from strawberry.utils.str_converters import to_camel_case

from shared.core.validation import Checks
from shared.graph.access import ANYBODY, OWN, require_owner, rule, scoped, signed_in
from shared.graph.context import Info
from shared.graph.problems import InvalidInputProblem, NotFoundProblem, RateLimitedProblem, TransitionProblem
from subgraphs.analytics.enums import EventStatus
from subgraphs.analytics.inputs import (
    EventInput,
    EventsTrackInput,
    ExperimentAssignInput,
    ExperimentCreateInput,
    ExperimentStartInput,
    ExperimentStopInput,
    ExperimentUpdateInput,
    ExportCreateInput,
    VisitorIdentifyInput,
)
from subgraphs.analytics.results import EventVerdict, VariantDecision
from subgraphs.analytics.service import experiments
from subgraphs.analytics.service.bots import is_bot
from subgraphs.analytics.service.event_parsing import read_properties
from subgraphs.analytics.service.event_storage import Recorder
from subgraphs.analytics.service.exports.requests import create_export
from subgraphs.analytics.service.identification import identify_visitor
from subgraphs.analytics.service.intake_limits import IntakeLimits
from subgraphs.analytics.service.subjects import is_users, read_subject, read_visitor
from subgraphs.analytics.service.tracking import BYTES_AN_EVENT, Intake, Sent, is_ignored, track_events
from subgraphs.analytics.settings import AnalyticsSettings
from subgraphs.analytics.types import READ, WRITE, Experiment, Export, LinkedVisitor

_CAMEL = {name: to_camel_case(name) for name in EventInput.__annotations__}


@strawberry.type(description="The batch was processed. Accepted events are stored durably.")
class EventsTrackSuccess:
    verdicts: list[EventVerdict] = strawberry.field(
        description="One verdict for each event, in the order of the batch."
    )

    def _count(self, status: EventStatus) -> int:
        return sum(verdict.status is status for verdict in self.verdicts)

    @strawberry.field(description="The number of events that were stored.")
    def accepted(self) -> int:
        return self._count(EventStatus.ACCEPTED)

    @strawberry.field(description="The number of events that were already received before.")
    def duplicates(self) -> int:
        return self._count(EventStatus.DUPLICATE)

    @strawberry.field(
        description="The number of events that were not stored because the sender asked not to be tracked or is a bot."
    )
    def ignored(self) -> int:
        return self._count(EventStatus.IGNORED)

    @strawberry.field(description="The number of events that were rejected.")
    def rejected(self) -> int:
        return self._count(EventStatus.REJECTED)


EventsTrackResult: TypeAlias = Annotated[
    EventsTrackSuccess | InvalidInputProblem | RateLimitedProblem,
    strawberry.union(
        "EventsTrackResult", description="A verdict for each event, or the reason the whole batch was refused."
    ),
]


@strawberry.type(description="The variant was decided. It is stored if the subject is in the experiment.")
class ExperimentAssignSuccess:
    decision: VariantDecision = strawberry.field(description="The variant for the subject.")


ExperimentAssignResult: TypeAlias = Annotated[
    ExperimentAssignSuccess | InvalidInputProblem | NotFoundProblem | RateLimitedProblem,
    strawberry.union("ExperimentAssignResult", description="The decision, or the reason there is none."),
]


@strawberry.type(description="The visitor belongs to the viewer.")
class VisitorIdentifySuccess:
    visitor: LinkedVisitor = strawberry.field(description="The visitor, as it is linked to the viewer.")


VisitorIdentifyResult: TypeAlias = Annotated[
    VisitorIdentifySuccess | InvalidInputProblem | RateLimitedProblem,
    strawberry.union(
        "VisitorIdentifyResult",
        description="The linked visitor, or the reason it was not linked. `InvalidInputProblem` with the code `TAKEN` "
        "at `input.visitor` means that the visitor belongs to another user.",
    ),
]


@strawberry.type(description="The experiment was created as a draft.")
class ExperimentCreateSuccess:
    experiment: Experiment = strawberry.field(description="The draft. Start it with `experimentStart`.")


ExperimentCreateResult: TypeAlias = Annotated[
    ExperimentCreateSuccess | InvalidInputProblem,
    strawberry.union("ExperimentCreateResult", description="The draft, or the reason it was not created."),
]


@strawberry.type(description="The draft was changed.")
class ExperimentUpdateSuccess:
    experiment: Experiment = strawberry.field(description="The draft after the change.")


ExperimentUpdateResult: TypeAlias = Annotated[
    ExperimentUpdateSuccess | InvalidInputProblem | TransitionProblem,
    strawberry.union("ExperimentUpdateResult", description="The changed draft, or the reason it was not changed."),
]


@strawberry.type(description="The experiment was started.")
class ExperimentStartSuccess:
    experiment: Experiment = strawberry.field(description="The running experiment.")


ExperimentStartResult: TypeAlias = Annotated[
    ExperimentStartSuccess | TransitionProblem,
    strawberry.union("ExperimentStartResult", description="The running experiment, or the reason it did not start."),
]


@strawberry.type(description="The experiment was stopped.")
class ExperimentStopSuccess:
    experiment: Experiment = strawberry.field(description="The stopped experiment.")


ExperimentStopResult: TypeAlias = Annotated[
    ExperimentStopSuccess | TransitionProblem,
    strawberry.union("ExperimentStopResult", description="The stopped experiment, or the reason it was not stopped."),
]


@strawberry.type(description="The export was requested.")
class ExportCreateSuccess:
    export: Export = strawberry.field(description="The export. Follow it with `exportProgress`.")


ExportCreateResult: TypeAlias = Annotated[
    ExportCreateSuccess | InvalidInputProblem | RateLimitedProblem | NotFoundProblem,
    strawberry.union(
        "ExportCreateResult",
        description="The export, or the reason it was not created: invalid input, 5 unfinished exports of the "
        "viewer, or a retry whose first export has been deleted.",
    ),
]


@strawberry.type
class Mutation:
    @strawberry.mutation(
        description="Track a batch of events; no login required. Each event gets its own verdict, so an invalid "
        "event does not affect the others, and the whole batch may be sent again after a failure.",
        metadata=ANYBODY,
    )
    async def events_track(
        self, info: Info, input: Annotated[EventsTrackInput, strawberry.argument(description="The batch.")]
    ) -> EventsTrackResult:
        context = info.context
        given = [{_CAMEL[name]: value for name, value in vars(event).items()} for event in input.events]
        assert context.request is not None  # noqa: S101 (the endpoint sets it)
        sent = Sent(given, input.sent_at, input.do_not_track or is_ignored(context.request.headers))
        with context.resource(Intake).place(len(given) * BYTES_AN_EVENT):
            await context.resource(IntakeLimits).count_events(context.viewer.id, context.address, len(given))
            verdicts = await track_events(context.resource(Recorder), context.viewer.id, sent, "input.events")
        return EventsTrackSuccess(verdicts=[EventVerdict.of(verdict) for verdict in verdicts])

    @strawberry.mutation(
        description="Assign a subject to a variant of an experiment and store the assignment; no login required "
        "for an anonymous visitor. The subject keeps the variant while the experiment runs. Nothing is stored for "
        "bots.",
        metadata=rule(owner=True, scope=WRITE, remark="for a user's id; anybody for a visitor's"),
    )
    async def experiment_assign(
        self,
        info: Info,
        input: Annotated[ExperimentAssignInput, strawberry.argument(description="The experiment and the subject.")],
    ) -> ExperimentAssignResult:
        context = info.context
        checks = Checks()
        subject = read_subject(checks, input.subject, context.viewer.id)
        visitor = read_visitor(checks, input.visitor, subject)
        attributes = read_properties(checks, "attributes", input.attributes)
        checks.raise_if_any()
        if is_users(subject):
            require_owner(context.viewer, subject, WRITE)
        # It stores an exposure, for any name of a visitor.
        await context.resource(IntakeLimits).count_events(context.viewer.id, context.address, 1)
        assert context.request is not None  # noqa: S101 (the endpoint sets it)
        decision = await experiments.assign_subject(
            context.database,
            input.key,
            subject,
            attributes,
            visitor,
            identify=subject == context.viewer.id,
            remember=not is_bot(context.request.headers),
        )
        return ExperimentAssignSuccess(decision=VariantDecision.of(decision))

    @strawberry.mutation(
        description="Tell that the viewer is a visitor whose events were sent before the login: reports count the two "
        "as one person from then on, earlier events included. Call it after each login and registration. The first "
        "user who says so keeps the visitor; at most 20 visitors a day. Safe to repeat. Requires a login.",
        extensions=signed_in(),
        metadata=OWN,
    )
    async def visitor_identify(
        self,
        info: Info,
        input: Annotated[VisitorIdentifyInput, strawberry.argument(description="The visitor that the viewer was.")],
    ) -> VisitorIdentifyResult:
        row = await identify_visitor(info.context.database, info.context.user_id, input.visitor)
        return VisitorIdentifySuccess(visitor=LinkedVisitor.from_row(row))

    @strawberry.mutation(
        description="Create an experiment as a draft. Requires the scope `analytics:write`.", extensions=scoped(WRITE)
    )
    async def experiment_create(
        self, info: Info, input: Annotated[ExperimentCreateInput, strawberry.argument(description="The experiment.")]
    ) -> ExperimentCreateResult:
        row = await experiments.create_experiment(info.context.database, input)
        return ExperimentCreateSuccess(experiment=Experiment.from_row(row))

    @strawberry.mutation(
        description="Change a draft of an experiment. One that has started cannot be changed, because its subjects "
        "keep their variants. Requires the scope `analytics:write`.",
        extensions=scoped(WRITE),
    )
    async def experiment_update(
        self, info: Info, input: Annotated[ExperimentUpdateInput, strawberry.argument(description="The changes.")]
    ) -> ExperimentUpdateResult:
        row = await experiments.update_experiment(info.context.database, input)
        return ExperimentUpdateSuccess(experiment=Experiment.from_row(row))

    @strawberry.mutation(
        description="Start a draft experiment: subjects are assigned from now on. Requires the scope "
        "`analytics:write`.",
        extensions=scoped(WRITE),
    )
    async def experiment_start(
        self,
        info: Info,
        input: Annotated[ExperimentStartInput, strawberry.argument(description="The experiment and its version.")],
    ) -> ExperimentStartResult:
        row = await experiments.start_experiment(info.context.database, input.id, input.version)
        return ExperimentStartSuccess(experiment=Experiment.from_row(row))

    @strawberry.mutation(
        description="Stop a running experiment permanently. Requires the scope `analytics:write`.",
        extensions=scoped(WRITE),
    )
    async def experiment_stop(
        self,
        info: Info,
        input: Annotated[ExperimentStopInput, strawberry.argument(description="The experiment and its version.")],
    ) -> ExperimentStopResult:
        row = await experiments.stop_experiment(info.context.database, input.id, input.version)
        return ExperimentStopSuccess(experiment=Experiment.from_row(row))

    @strawberry.mutation(
        description="Export the events received so far to a file, in the background. Requires the scope "
        "`analytics:read`.",
        extensions=scoped(READ),
    )
    async def export_create(
        self,
        info: Info,
        input: Annotated[
            ExportCreateInput, strawberry.argument(description="The events to export and the file format.")
        ],
    ) -> ExportCreateResult:
        days = AnalyticsSettings.load().export_retention_days
        row = await create_export(info.context.database, info.context.user_id, input, days)
        return ExportCreateSuccess(export=Export.from_row(row))
