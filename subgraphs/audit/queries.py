"""Root fields that read the log."""

import datetime as dt
from typing import Annotated

import strawberry

from shared.graph.access import scoped
from shared.graph.context import Info
from shared.graph.pagination import Page, paged
from subgraphs.audit.inputs import AuditEntryFilter
from subgraphs.audit.loaders import ENTRIES, INVALIDATIONS
from subgraphs.audit.service.summary import check_time, summarize
from subgraphs.audit.service.verification import LimitedVerification
from subgraphs.audit.types import (
    READ,
    AuditEntry,
    AuditEntryConnection,
    AuditSummary,
    AuditVerification,
    CacheInvalidation,
    CacheInvalidationConnection,
)


@strawberry.type
class Query:
    @strawberry.field(
        description="One entry by id; null if it does not exist or without the scope `audit:read`.",
        extensions=scoped(READ),
    )
    async def audit_entry(
        self, info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="The id of the entry, `aud_…`.")]
    ) -> AuditEntry | None:
        return (await AuditEntry.resolve_references(info, [id]))[0]

    @strawberry.field(
        description="The audit log, newest first. Null without the scope `audit:read`.", extensions=scoped(READ)
    )
    @paged
    async def audit_entries(
        self,
        info: Info,
        page: Page,
        filter: Annotated[AuditEntryFilter | None, strawberry.argument(description="Which entries to list.")] = None,
    ) -> AuditEntryConnection | None:
        wanted = filter.checked() if filter is not None else None
        return await ENTRIES.connection(info, wanted, page, AuditEntry.from_row)

    @strawberry.field(
        description="How often what was done in a time of up to 31 days, by day. Of the entries of the time, at most "
        "the 100,000 newest are counted. Null without the scope `audit:read`.",
        extensions=scoped(READ),
    )
    async def audit_summary(
        self,
        info: Info,
        at_from: Annotated[dt.datetime, strawberry.argument(description="Only actions at this time or later.")],
        at_before: Annotated[dt.datetime, strawberry.argument(description="Only actions before this time.")],
    ) -> AuditSummary | None:
        check_time(at_from, at_before)
        rows, is_exact = await summarize(info.context.database, at_from, at_before)
        return AuditSummary.of(rows, is_exact=is_exact)

    @strawberry.field(
        description="The purges of the router's cached responses, newest first. Null without the scope `audit:read`.",
        extensions=scoped(READ),
    )
    @paged
    async def cache_invalidations(
        self,
        info: Info,
        page: Page,
        entity_id: Annotated[
            strawberry.ID | None,
            strawberry.argument(description="Only purges caused by this preset or product, by id."),
        ] = None,
    ) -> CacheInvalidationConnection | None:
        return await INVALIDATIONS.connection(info, entity_id, page, CacheInvalidation.from_row)

    @strawberry.field(
        description="Verify that no entry of the log was changed, removed or inserted, at most 100,000 entries per "
        "request and per minute. Null without the scope `audit:read`.",
        extensions=scoped(READ),
    )
    async def audit_verify(
        self,
        info: Info,
        first: Annotated[
            int | None,
            strawberry.argument(name="from", description="The position of the first entry to verify; default: 1."),
        ] = None,
        last: Annotated[
            int | None,
            strawberry.argument(
                name="to", description="The position of the last entry to verify; default: the newest entry."
            ),
        ] = None,
    ) -> AuditVerification | None:
        verification = info.context.resource(LimitedVerification)
        return AuditVerification.of(await verification.verify(info.context.viewer.id or "", first, last))
