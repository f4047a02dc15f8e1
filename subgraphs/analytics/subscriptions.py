"""What is pushed to staff."""

from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Annotated

import strawberry

from shared.graph.access import scoped
from shared.graph.context import Info
from subgraphs.analytics.service.exports.export_feed import ExportFeed, follow_export
from subgraphs.analytics.types import READ, Export


@strawberry.type
class Subscription:
    @strawberry.subscription(
        description="Follow an export: as it is at once, then whenever it has changed, as it is by then; changes in "
        "quick succession come as one. The stream completes after DONE, FAILED or EXPIRED. It ends with `NOT_FOUND` "
        "where there is no such export, and with `UNAUTHENTICATED` when the access token expires: subscribe again. For "
        "staff.",
        extensions=scoped(READ),
    )
    async def export_progress(
        self, info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="The export's id.")]
    ) -> AsyncIterator[Export]:
        context = info.context
        feed = context.resource(ExportFeed)
        async with aclosing(follow_export(context.database, feed, context.viewer, id)) as changes:
            async for row in changes:
                yield Export.from_row(row)
