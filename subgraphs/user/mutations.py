"""Root fields that change users."""

from typing import Annotated

import strawberry

from shared.access import scoped, signed_in
from shared.context import Info
from shared.personal import PersonalDigests
from subgraphs.user.inputs import (
    AccountDeleteInput,
    AccountRegisterInput,
    PreferencesUpdateInput,
    ProfileUpdateInput,
    SessionCreateInput,
    UserRolesSetInput,
)
from subgraphs.user.service import accounts, erasure, sessions
from subgraphs.user.service.keys import KeyRing
from subgraphs.user.service.passwords import Passwords
from subgraphs.user.types import (
    AccountDeleteResult,
    AccountDeleteSuccess,
    AccountRegisterResult,
    AccountRegisterSuccess,
    Preferences,
    PreferencesUpdateResult,
    PreferencesUpdateSuccess,
    ProfileUpdateResult,
    ProfileUpdateSuccess,
    SessionCreateResult,
    SessionCreateSuccess,
    User,
    UserRolesSetResult,
    UserRolesSetSuccess,
)


@strawberry.type
class Mutation:
    @strawberry.mutation(description="Make an account.")
    async def account_register(
        self, info: Info, input: Annotated[AccountRegisterInput, strawberry.argument(description="The account.")]
    ) -> AccountRegisterResult:
        context = info.context
        profile = await accounts.register_account(context.database, context.resource(Passwords), input)
        context.speak_for(profile.id)
        return AccountRegisterSuccess(user=User.from_row(profile))

    @strawberry.mutation(description="Log in: exchange e-mail address and password for an access token.")
    async def session_create(
        self, info: Info, input: Annotated[SessionCreateInput, strawberry.argument(description="The credentials.")]
    ) -> SessionCreateResult:
        context = info.context
        started = await sessions.start_session(
            context.database,
            context.resource(Passwords),
            context.resource(KeyRing),
            input.email,
            input.password,
            input.device,
        )
        context.speak_for(started.profile.id)
        return SessionCreateSuccess(
            access_token=started.access_token, expires_in=started.expires_in, user=User.from_row(started.profile)
        )

    @strawberry.mutation(description="Change one's own profile.", extensions=signed_in())
    async def profile_update(
        self, info: Info, input: Annotated[ProfileUpdateInput, strawberry.argument(description="The changes.")]
    ) -> ProfileUpdateResult:
        profile = await accounts.update_profile(info.context.database, info.context.user_id, input)
        return ProfileUpdateSuccess(user=User.from_row(profile))

    @strawberry.mutation(description="Change one's own preferences.", extensions=signed_in())
    async def preferences_update(
        self, info: Info, input: Annotated[PreferencesUpdateInput, strawberry.argument(description="The changes.")]
    ) -> PreferencesUpdateResult:
        preferences = await accounts.update_preferences(info.context.database, info.context.user_id, input)
        return PreferencesUpdateSuccess(preferences=Preferences.from_row(preferences))

    @strawberry.mutation(
        description="Delete one's own account, and with it all personal data wherever the shop keeps them. "
        "Orders stay in the books without a name.",
        extensions=signed_in(),
    )
    async def account_delete(
        self, info: Info, input: Annotated[AccountDeleteInput, strawberry.argument(description="The confirmation.")]
    ) -> AccountDeleteResult:
        context = info.context
        passwords, people = context.resource(Passwords), context.resource(PersonalDigests)
        await erasure.delete_account(context.database, passwords, people, context.user_id, input.password)
        return AccountDeleteSuccess(user_id=strawberry.ID(context.user_id))

    @strawberry.mutation(description="Set what a user may do.", extensions=scoped("users:write"))
    async def user_roles_set(
        self, info: Info, input: Annotated[UserRolesSetInput, strawberry.argument(description="User and roles.")]
    ) -> UserRolesSetResult:
        profile = await accounts.set_roles(info.context.database, input.user_id, input.version, input.roles)
        return UserRolesSetSuccess(user=User.from_row(profile))
