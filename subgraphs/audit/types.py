"""What is shown of audit."""

import dataclasses
import datetime as dt
from collections.abc import Sequence
from typing import Any

import strawberry
from strawberry import federation

from shared.graph.access import rule, scoped
from shared.graph.context import Info
from shared.graph.pagination import Connection, Page, paged
from shared.graph.references import Stub
from shared.graph.row_types import RowType
from subgraphs.audit import models
from subgraphs.audit.enums import AuditActorKind, AuditDamage
from subgraphs.audit.loaders import EntriesBySubject, EntryById, EntryCountBySubject
from subgraphs.audit.service.verification import Verification

READ = "audit:read"


@strawberry.type(description="What an action was done to, or what has changed.")
class AuditSubject:
    type: str = strawberry.field(description="Its type in the graph, such as `Order`.")
    id: strawberry.ID = strawberry.field(description="Its id.")


@strawberry.type(description="One field that an action changed. Secrets and personal data are never shown.")
class AuditChange:
    field: str = strawberry.field(description="The field's name.")
    before: str | None = strawberry.field(description="Its value before; null where it is new or withheld.")
    after: str | None = strawberry.field(description="Its value after; null where it is gone or withheld.")


@federation.type(keys=["id"], description="One line of the log of what happened. Open to staff alone.")
class AuditEntry(RowType[models.AuditLog], access=rule(scope=READ)):
    id: strawberry.ID = strawberry.field(description="The entry's id, `aud_…`.")
    sequence: int = strawberry.field(description="The entry's place in the log: 1, 2, 3 and so on, without gaps.")
    actor_kind: AuditActorKind = strawberry.field(description="What kind of actor did it.")
    action: str = strawberry.field(description="What was done, such as `order.cancelled`.")
    at: dt.datetime = strawberry.field(description="When it was done.")
    request_id: str | None = strawberry.field(description="The request that it was done by, as in `x-request-id`.")
    trace_id: str | None = strawberry.field(description="The trace that it belongs to (W3C Trace Context).")
    hash: str = strawberry.field(description="SHA-256 over this entry and the hash before it, in hexadecimal.")
    actor_id: strawberry.Private[str | None]
    subject_type: strawberry.Private[str]
    subject_id: strawberry.Private[str]
    changed: strawberry.Private[list[dict[str, Any]]]

    @strawberry.field(description="The person who did it; null where it was the system.")
    def actor(self) -> "User | None":
        return User.of(self.actor_id)

    @strawberry.field(description="What it was done to.")
    def subject(self) -> AuditSubject:
        return AuditSubject(type=self.subject_type, id=strawberry.ID(self.subject_id))

    @strawberry.field(description="The fields that it changed, as far as they are for the log.")
    def changes(self) -> list[AuditChange]:
        return [AuditChange(**change) for change in self.changed]

    @classmethod
    async def resolve_references(cls, info: Info, ids: Sequence[str]) -> "list[AuditEntry | None]":
        if not info.context.viewer.has_scope(READ):
            return [None] * len(ids)
        return [cls.from_optional_row(row) for row in await info.context.loader(EntryById).load_many(ids)]


AuditEntryConnection = Connection[AuditEntry]


@strawberry.type(
    description="That the router forgot its cached answers because something that they may have shown has changed."
)
class CacheInvalidation(RowType[models.CacheInvalidation]):
    id: strawberry.ID = strawberry.field(description="The purge's number.")
    event_id: strawberry.ID = strawberry.field(description="The event that told of the change, `evt_…`.")
    heard_at: dt.datetime = strawberry.field(description="When the change was heard of.")
    purged_at: dt.datetime | None = strawberry.field(
        description="When the answers were forgotten, at the latest; null while that is still to be done."
    )
    entity_type: strawberry.Private[str]
    entity_id: strawberry.Private[str]

    @strawberry.field(description="What has changed.")
    def entity(self) -> AuditSubject:
        return AuditSubject(type=self.entity_type, id=strawberry.ID(self.entity_id))


CacheInvalidationConnection = Connection[CacheInvalidation]


def trail_of(info: Info, subject_id: str, page: Page) -> Connection[AuditEntry]:
    """Return a page of what was done to one thing."""
    counter = info.context.loader(EntryCountBySubject)
    return info.context.loader(EntriesBySubject).connection(subject_id, page, AuditEntry.from_row, counter)


@federation.type(keys=["id"])
class User(Stub, prefix="usr"):
    id: strawberry.ID = strawberry.field(description="The user's id, `usr_…`.")

    @strawberry.field(description="What was done to the account, newest first.", extensions=scoped(READ))
    @paged
    def audit_trail(self, info: Info, page: Page) -> AuditEntryConnection | None:
        return trail_of(info, self.id, page)


@federation.type(keys=["id"])
class Order(Stub, prefix="ord"):
    id: strawberry.ID = strawberry.field(description="The order's id, `ord_…`.")

    @strawberry.field(description="What was done to the order, newest first.", extensions=scoped(READ))
    @paged
    def audit_trail(self, info: Info, page: Page) -> AuditEntryConnection | None:
        return trail_of(info, self.id, page)


@federation.type(keys=["id"])
class Design(Stub, prefix="des"):
    id: strawberry.ID = strawberry.field(description="The design's id, `des_…`.")

    @strawberry.field(description="What was done to the design, newest first.", extensions=scoped(READ))
    @paged
    def audit_trail(self, info: Info, page: Page) -> AuditEntryConnection | None:
        return trail_of(info, self.id, page)


@strawberry.type(description="The first place where the log is not as it was written.")
class AuditBreak:
    sequence: int = strawberry.field(description="The place in the log.")
    damage: AuditDamage = strawberry.field(description="What happened there.")
    entry_id: strawberry.Private[str | None]

    @strawberry.field(description="The entry that stands there now; null where one was removed.")
    def entry(self, info: Info) -> AuditEntry | None:
        return info.context.loader(EntryById).then(self.entry_id or "", AuditEntry.from_optional_row)


@strawberry.type(description="Whether the log is as it was written.")
class AuditVerification:
    intact: bool = strawberry.field(description="Whether nothing was changed, removed or inserted in what was read.")
    checked: int = strawberry.field(description="How many entries were found sound.")
    checked_to: int = strawberry.field(description="The place in the log up to which every entry was found sound.")
    complete: bool = strawberry.field(
        description="Whether all that was asked for was found sound; if not, and nothing is broken, "
        "go on from `checkedTo` + 1."
    )
    first_broken: AuditBreak | None = strawberry.field(description="The first broken place; null where all is sound.")

    @classmethod
    def of(cls, found: Verification) -> "AuditVerification":
        """Show the findings of a verification."""
        broken = found.first_broken
        return cls(
            intact=broken is None,
            checked=found.checked,
            checked_to=found.checked_to,
            complete=found.complete,
            first_broken=AuditBreak(**dataclasses.asdict(broken)) if broken else None,
        )
