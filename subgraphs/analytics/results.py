"""What comes of what was asked for: decisions and verdicts, the results of mutations, and their unions."""

import datetime as dt
from typing import Annotated, TypeAlias

import strawberry

from shared.problems import (
    ConflictProblem,
    IllegalStateProblem,
    InvalidField,
    InvalidInputProblem,
    NotFoundProblem,
    RateLimitedProblem,
)
from subgraphs.analytics.enums import DecisionReason, EventStatus
from subgraphs.analytics.service.experiments import Decision
from subgraphs.analytics.service.intake import Verdict
from subgraphs.analytics.types import Experiment


@strawberry.type(description="What a subject gets of an experiment.")
class VariantDecision:
    experiment_key: str = strawberry.field(description="The experiment's key.")
    variant: str | None = strawberry.field(description="The variant's key; null for none: show what is usual.")
    reason: DecisionReason = strawberry.field(description="Why it is so.")
    assigned_at: dt.datetime | None = strawberry.field(
        description="Since when the subject has its variant; null while nothing is remembered."
    )

    @classmethod
    def of(cls, decision: Decision) -> "VariantDecision":
        return cls(
            experiment_key=decision.key,
            variant=decision.variant,
            reason=decision.reason,
            assigned_at=decision.assigned_at,
        )


@strawberry.type(description="What became of one event of a batch.")
class EventVerdict:
    client_event_id: str | None = strawberry.field(description="The event's id as it was sent.")
    status: EventStatus = strawberry.field(description="What became of it.")
    problems: list[InvalidField] = strawberry.field(description="Why it was rejected; empty otherwise.")

    @classmethod
    def of(cls, verdict: Verdict) -> "EventVerdict":
        problems = [InvalidField(path=p.path, code=p.code, message=p.message) for p in verdict.problems]
        return cls(client_event_id=verdict.client_event_id, status=verdict.status, problems=problems)


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
    ExperimentStartSuccess | NotFoundProblem | ConflictProblem | IllegalStateProblem,
    strawberry.union("ExperimentStartResult", description="The running experiment, or why it did not start."),
]


@strawberry.type(description="An experiment was stopped.")
class ExperimentStopSuccess:
    experiment: Experiment = strawberry.field(description="The stopped experiment.")


ExperimentStopResult: TypeAlias = Annotated[
    ExperimentStopSuccess | NotFoundProblem | ConflictProblem | IllegalStateProblem,
    strawberry.union("ExperimentStopResult", description="The stopped experiment, or why it goes on."),
]
