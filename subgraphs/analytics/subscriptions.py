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
        description="The present state of an export at once, then its latest state after each change, until DONE, "
        "FAILED or EXPIRED; requires the scope `analytics:read`. It ends with `NOT_FOUND` if the "
        "export does not exist and with `UNAUTHENTICATED` when the access token expires; subscribe "
        "again with a new token.",
        extensions=scoped(READ),
    )
    async def export_progress(
        self,
        info: Info,
        id: Annotated[strawberry.ID, strawberry.argument(description="The id of the export, `xpt_…`.")],
    ) -> AsyncIterator[Export]:
        context = info.context
        feed = context.resource(ExportFeed)
        async with aclosing(follow_export(context.database, feed, context.viewer, id)) as changes:
            async for row in changes:
                yield Export.from_row(row)
