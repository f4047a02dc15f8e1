"""Root fields that read users."""

from typing import Annotated

import strawberry

from shared.graph.access import ANYBODY, rule, scoped, signed_in
from shared.graph.context import Info
from shared.graph.pagination import Page, paged
from subgraphs.user.enums import UserSort
from subgraphs.user.inputs import UserFilter
from subgraphs.user.loaders import USER_SORTS, USERS, ProfileById
from subgraphs.user.service.client_versions import ClientVersions
from subgraphs.user.types import READ, ClientConfig, User, UserConnection


@strawberry.type
class Query:
    @strawberry.field(
        description="The viewer's own account; null if the viewer is not logged in.",
        metadata=rule(remark="their own account"),
    )
    async def me(self, info: Info) -> User | None:
        user_id = info.context.viewer.id
        return User.from_optional_row(await info.context.loader(ProfileById).load(user_id)) if user_id else None

    @strawberry.field(
        description="A user by id; null if there is none. If the viewer may not read the account, a user is "
        "returned of whom only `id` can be read, whether or not the account exists.",
        extensions=signed_in(),
        metadata=rule(signed_in=True, remark="field by field as below"),
    )
    async def user(
        self, info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="The user's id.")]
    ) -> User | None:
        return (await User.resolve_references(info, [id]))[0]

    @strawberry.field(
        description="Whether a release of an app still works with the shop; no login required.", metadata=ANYBODY
    )
    def client_config(
        self,
        info: Info,
        app: Annotated[str, strawberry.argument(description="The name of the app, such as `mobile`.")],
        version: Annotated[
            str,
            strawberry.argument(
                description="The app's release, up to four numbers, such as `1.4.0`. What follows a `-` or `+` does "
                "not count."
            ),
        ],
    ) -> ClientConfig:
        support = info.context.resource(ClientVersions).support_of(app, version)
        return ClientConfig(minimum_version=support.minimum_version, supported=support.is_supported)

    @strawberry.field(description="All users. Requires the scope `users:read`.", extensions=scoped(READ))
    @paged
    async def users(
        self,
        info: Info,
        page: Page,
        filter: Annotated[UserFilter | None, strawberry.argument(description="Which users to list.")] = None,
        sort: Annotated[
            UserSort, strawberry.argument(description="The order of the list; default: NEWEST.")
        ] = UserSort.NEWEST,
    ) -> UserConnection | None:
        return await USERS.connection(info, filter, page, User.from_row, USER_SORTS[sort])
