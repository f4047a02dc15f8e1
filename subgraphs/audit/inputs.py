"""What is asked of the audit subgraph."""

import datetime as dt

import strawberry

from subgraphs.audit.enums import AuditActorKind


@strawberry.input(description="Which entries to list: those that meet all given conditions.")
class AuditEntryFilter:
    actor_id: strawberry.ID | None = strawberry.field(
        default=None, description="Only actions of this user, by id `usr_…`."
    )
    actor_kind: AuditActorKind | None = strawberry.field(
        default=None, description="Only actions of this kind of actor."
    )
    actions: list[str] | None = strawberry.field(
        default=None, description="Only these actions, such as `order.cancelled`."
    )
    subject_type: str | None = strawberry.field(
        default=None, description="Only actions on objects of this type, such as `Order`."
    )
    subject_id: strawberry.ID | None = strawberry.field(
        default=None, description="Only actions on the object with this id."
    )
    at_from: dt.datetime | None = strawberry.field(default=None, description="Only actions at this time or later.")
    at_before: dt.datetime | None = strawberry.field(default=None, description="Only actions before this time.")
