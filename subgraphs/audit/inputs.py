"""What is asked of the audit subgraph."""

import dataclasses
import datetime as dt

import strawberry

from shared.core.validation import Checks
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
    text: str | None = strawberry.field(
        default=None,
        description="Beginnings of words, up to 100 characters, of the action, the type and id of the object, the "
        "actor's id and the request's id together, such as `order cancelled`. Case does not matter. At most the "
        "10,000 newest entries with them are found.",
    )

    def checked(self) -> "AuditEntryFilter":
        """Return the filter with its text trimmed; raises InvalidInput."""
        if self.text is None:
            return self
        checks = Checks("filter")
        text = checks.text("text", self.text, shortest=0, longest=100)
        checks.raise_if_any()
        return dataclasses.replace(self, text=text)
