"""Root fields that read the log."""

from typing import Annotated

import strawberry

from shared.graph.access import scoped
from shared.graph.context import Info
from shared.graph.pagination import After, Before, First, Last, build_connection, parse_page
from subgraphs.audit.inputs import AuditEntryFilter
from subgraphs.audit.loaders import (
    ENTRIES,
    INVALIDATIONS,
    count_entries,
    count_invalidations,
    page_of_entries,
    page_of_invalidations,
)
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
    async def audit_entries(
        self,
        info: Info,
        filter: Annotated[AuditEntryFilter | None, strawberry.argument(description="Which entries to list.")] = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> AuditEntryConnection | None:
        page = parse_page(first, after, last, before)
        async with info.context.database.read() as connection:
            rows = await page_of_entries(connection, filter, page)

        async def count() -> int:
            async with info.context.database.read() as connection:
                return await count_entries(connection, filter)

        return build_connection(rows, ENTRIES, AuditEntry.from_row, count)

    @strawberry.field(
        description="When the router forgot its cached answers and what had changed, newest first.",
        extensions=scoped(READ),
    )
    async def cache_invalidations(
        self,
        info: Info,
        entity_id: Annotated[
            strawberry.ID | None, strawberry.argument(description="Only changes of this preset or product.")
        ] = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> CacheInvalidationConnection | None:
        page = parse_page(first, after, last, before)
        async with info.context.database.read() as connection:
            rows = await page_of_invalidations(connection, entity_id, page)

        async def count() -> int:
            async with info.context.database.read() as connection:
                return await count_invalidations(connection, entity_id)

        return build_connection(rows, INVALIDATIONS, CacheInvalidation.from_row, count)

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
