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
from subgraphs.audit.service.summary import MOST_COUNTED, Counted
from subgraphs.audit.service.verification import Verification

READ = "audit:read"


@strawberry.type(description="The object of an action or of a change.")
class AuditSubject:
    type: str = strawberry.field(
        description="The type of the object, such as `Order` or `Session`. Not every type is in the schema."
    )
    subject_id: strawberry.ID = strawberry.field(description="The id of the object.")


@strawberry.type(description="A field that an action changed. Secrets and personal data are never included.")
class AuditChange:
    field: str = strawberry.field(description="The name of the field.")
    before: str | None = strawberry.field(
        description="The value before the action, up to 200 characters; null if there was none or it is not recorded."
    )
    after: str | None = strawberry.field(
        description="The value after the action, up to 200 characters; null if there is none or it is not recorded."
    )


@federation.type(
    keys=["id"], tags=["id/aud"], description="An entry of the audit log. Requires the scope `audit:read`."
)
class AuditEntry(RowType[models.AuditLog], access=rule(scope=READ)):
    id: strawberry.ID = strawberry.field(description="The entry's id, `aud_…`.")
    sequence: int = strawberry.field(description="The position in the log: 1, 2, 3 and so on, without gaps.")
    actor_kind: AuditActorKind = strawberry.field(description="The kind of actor that performed the action.")
    action: str = strawberry.field(description="The action, such as `order.cancelled`.")
    at: dt.datetime = strawberry.field(description="The time of the action.")
    request_id: str | None = strawberry.field(
        description="The id of the request that caused the action, as in the header `x-request-id`; null if it is "
        "not known."
    )
    trace_id: str | None = strawberry.field(
        description="The W3C trace id of the action, 32 hexadecimal digits; null if it was not traced."
    )
    hash: str = strawberry.field(
        description="The SHA-256 hash of this entry and the previous entry's hash, in hexadecimal."
    )
    actor_id: strawberry.Private[str | None]
    subject_type: strawberry.Private[str]
    subject_id: strawberry.Private[str]
    changed: strawberry.Private[list[dict[str, Any]]]

    @strawberry.field(
        description="The user who performed the action; null if it was the system or a client that was not logged in."
    )
    def actor(self) -> "User | None":
        return User.of(self.actor_id)

    @strawberry.field(description="The object of the action.")
    def subject(self) -> AuditSubject:
        return AuditSubject(type=self.subject_type, subject_id=strawberry.ID(self.subject_id))

    @strawberry.field(description="The changed fields, as far as the log records them.")
    def changes(self) -> list[AuditChange]:
        return [AuditChange(**change) for change in self.changed]

    @classmethod
    async def resolve_references(cls, info: Info, ids: Sequence[str]) -> "list[AuditEntry | None]":
        if not info.context.viewer.has_scope(READ):
            return [None] * len(ids)
        return [cls.from_optional_row(row) for row in await info.context.loader(EntryById).load_many(ids)]


AuditEntryConnection = Connection[AuditEntry]


@strawberry.type(description="How often an action was performed on a day.")
class AuditActionCount:
    day: dt.date = strawberry.field(description="The day in UTC.")
    action: str = strawberry.field(description="The action, such as `order.cancelled`.")
    actor_kind: AuditActorKind = strawberry.field(description="The kind of actor that performed it.")
    count: int = strawberry.field(description="The number of entries.")


@strawberry.type(description="How often what was done in a time.")
class AuditSummary:
    counts: list[AuditActionCount] = strawberry.field(
        description="The counts that are not 0, by day, action and kind of actor, newest day first."
    )
    is_exact: bool = strawberry.field(
        description=f"Whether all entries of the time were counted; otherwise the newest {MOST_COUNTED:,} were."
    )

    @classmethod
    def of(cls, rows: Sequence[Counted], *, is_exact: bool) -> "AuditSummary":
        """Show what was counted."""
        counts = [
            AuditActionCount(day=row.day, action=row.action, actor_kind=row.actor_kind, count=row.count) for row in rows
        ]
        return cls(counts=counts, is_exact=is_exact)


@strawberry.type(description="A purge of the router's cached responses because data they may contain has changed.")
class CacheInvalidation(RowType[models.CacheInvalidation]):
    id: strawberry.ID = strawberry.field(description="The number of the purge.")
    event_id: strawberry.ID = strawberry.field(description="The id of the event that reported the change, `evt_…`.")
    heard_at: dt.datetime = strawberry.field(description="When the change was received.")
    purged_at: dt.datetime | None = strawberry.field(
        description="The time by which the responses were purged; null while the purge is pending."
    )
    entity_type: strawberry.Private[str]
    entity_id: strawberry.Private[str]

    @strawberry.field(description="The object that changed.")
    def entity(self) -> AuditSubject:
        return AuditSubject(type=self.entity_type, subject_id=strawberry.ID(self.entity_id))


CacheInvalidationConnection = Connection[CacheInvalidation]


def trail_of(info: Info, subject_id: str, page: Page) -> Connection[AuditEntry]:
    """Return a page of what was done to one thing."""
    counter = info.context.loader(EntryCountBySubject)
    return info.context.loader(EntriesBySubject).connection(subject_id, page, AuditEntry.from_row, counter)


@federation.type(keys=["id"])
class User(Stub, prefix="usr"):
    id: strawberry.ID = strawberry.field(description="The user's id, `usr_…`.")

    @strawberry.field(
        description="The audit log of the account, newest first. Null without the scope `audit:read`.",
        extensions=scoped(READ),
    )
    @paged
    def audit_trail(self, info: Info, page: Page) -> AuditEntryConnection | None:
        return trail_of(info, self.id, page)


@federation.type(keys=["id"])
class Order(Stub, prefix="ord"):
    id: strawberry.ID = strawberry.field(description="The order's id, `ord_…`.")

    @strawberry.field(
        description="The audit log of the order, newest first. Null without the scope `audit:read`.",
        extensions=scoped(READ),
    )
    @paged
    def audit_trail(self, info: Info, page: Page) -> AuditEntryConnection | None:
        return trail_of(info, self.id, page)


@federation.type(keys=["id"])
class Design(Stub, prefix="des"):
    id: strawberry.ID = strawberry.field(description="The design's id, `des_…`.")

    @strawberry.field(
        description="The audit log of the design, newest first. Null without the scope `audit:read`.",
        extensions=scoped(READ),
    )
    @paged
    def audit_trail(self, info: Info, page: Page) -> AuditEntryConnection | None:
        return trail_of(info, self.id, page)


@strawberry.type(description="The first position where the log is damaged.")
class AuditBreak:
    sequence: int = strawberry.field(description="The position in the log.")
    damage: AuditDamage = strawberry.field(description="The kind of damage.")
    entry_id: strawberry.Private[str | None]

    @strawberry.field(description="The entry now at this position; null if the entry was removed.")
    def entry(self, info: Info) -> AuditEntry | None:
        return info.context.loader(EntryById).then(self.entry_id or "", AuditEntry.from_optional_row)


@strawberry.type(description="The result of verifying the log.")
class AuditVerification:
    intact: bool = strawberry.field(
        description="Whether no entry in the part that was read was changed, removed or inserted."
    )
    checked: int = strawberry.field(description="The number of entries found intact.")
    checked_to: int = strawberry.field(description="The position up to which every entry is intact.")
    complete: bool = strawberry.field(
        description="Whether every requested entry was found intact. If false while `intact` is true, continue "
        "from `checkedTo` + 1."
    )
    first_broken: AuditBreak | None = strawberry.field(description="The first damaged position; null if there is none.")

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
