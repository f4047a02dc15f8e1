"""Root fields that read users."""

from typing import Annotated

import strawberry

from shared.graph.access import scoped, signed_in
from shared.graph.context import Info
from shared.graph.pagination import After, Before, First, Last, build_connection, parse_page
from subgraphs.user.inputs import UserFilter
from subgraphs.user.loaders import USERS, ProfileById, count_users, page_of_users
from subgraphs.user.types import READ, User, UserConnection


@strawberry.type
class Query:
    @strawberry.field(description="The caller's own account; null for anonymous callers.")
    async def me(self, info: Info) -> User | None:
        user_id = info.context.viewer.id
        return User.from_optional_row(await info.context.loader(ProfileById).load(user_id)) if user_id else None

    @strawberry.field(description="One user by id; null if there is none.", extensions=signed_in())
    async def user(
        self, info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="The user's id.")]
    ) -> User | None:
        return (await User.resolve_references(info, [id]))[0]

    @strawberry.field(description="All users, newest first.", extensions=scoped(READ))
    async def users(
        self,
        info: Info,
        filter: Annotated[UserFilter | None, strawberry.argument(description="Which users to list.")] = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> UserConnection | None:
        page = parse_page(first, after, last, before)
        async with info.context.database.read() as connection:
            rows = await page_of_users(connection, filter, page)

        async def count() -> int:
            async with info.context.database.read() as connection:
                return await count_users(connection, filter)

        return build_connection(rows, USERS, User.from_row, count)
