"""Root fields that read the log."""

from typing import Annotated

import strawberry

from shared.graph.access import scoped
from shared.graph.context import Info
from shared.graph.pagination import Page, paged
from subgraphs.audit.inputs import AuditEntryFilter
from subgraphs.audit.loaders import ENTRIES, INVALIDATIONS
from subgraphs.audit.service.verification import verify_log
from subgraphs.audit.types import (
    READ,
    AuditEntry,
    AuditEntryConnection,
    AuditVerification,
    CacheInvalidation,
    CacheInvalidationConnection,
)


@strawberry.type
class Query:
    @strawberry.field(description="One entry by id; null if there is none.", extensions=scoped(READ))
    async def audit_entry(
        self, info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="The entry's id.")]
    ) -> AuditEntry | None:
        return (await AuditEntry.resolve_references(info, [id]))[0]

    @strawberry.field(description="The log, newest first.", extensions=scoped(READ))
    @paged
    async def audit_entries(
        self,
        info: Info,
        page: Page,
        filter: Annotated[AuditEntryFilter | None, strawberry.argument(description="Which entries to list.")] = None,
    ) -> AuditEntryConnection | None:
        return await ENTRIES.connection(info, filter, page, AuditEntry.from_row)

    @strawberry.field(
        description="When the router forgot its cached answers and what had changed, newest first.",
        extensions=scoped(READ),
    )
    @paged
    async def cache_invalidations(
        self,
        info: Info,
        page: Page,
        entity_id: Annotated[
            strawberry.ID | None, strawberry.argument(description="Only changes of this preset or product.")
        ] = None,
    ) -> CacheInvalidationConnection | None:
        return await INVALIDATIONS.connection(info, entity_id, page, CacheInvalidation.from_row)

    @strawberry.field(
        description="Verify that no entry was changed, removed or inserted; at most 100,000 entries at once.",
        extensions=scoped(READ),
    )
    async def audit_verify(
        self,
        info: Info,
        first: Annotated[
            int | None,
            strawberry.argument(name="from", description="The first entry's place in the log; 1 unless told."),
        ] = None,
        last: Annotated[
            int | None,
            strawberry.argument(name="to", description="The last entry's place in the log; the newest unless told."),
        ] = None,
    ) -> AuditVerification | None:
        return AuditVerification.of(await verify_log(info.context.database, first, last))
