"""What is asked of the audit subgraph."""

import datetime as dt

import strawberry

from subgraphs.audit.enums import AuditActorKind


@strawberry.input(description="Which entries to list. Conditions that are left out let all pass.")
class AuditEntryFilter:
    actor_id: strawberry.ID | None = strawberry.field(default=None, description="Only what this user did.")
    actor_kind: AuditActorKind | None = strawberry.field(default=None, description="Only what this kind of actor did.")
    actions: list[str] | None = strawberry.field(
        default=None, description="Only these actions, such as `order.cancelled`."
    )
    subject_type: str | None = strawberry.field(
        default=None, description="Only what was done to things of this type, such as `Order`."
    )
    subject_id: strawberry.ID | None = strawberry.field(default=None, description="Only what was done to this thing.")
    at_from: dt.datetime | None = strawberry.field(default=None, description="Only what happened then or later.")
    at_before: dt.datetime | None = strawberry.field(default=None, description="Only what happened earlier.")
