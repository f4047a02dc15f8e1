"""Root fields that change, export and delete accounts, each below what it answers."""

from typing import Annotated, TypeAlias

import strawberry

from shared.graph.access import OWN, scoped, signed_in
from shared.graph.context import Info
from shared.graph.problems import (
    ConflictProblem,
    IllegalStateProblem,
    InvalidInputProblem,
    NotFoundProblem,
    RateLimitedProblem,
    UnauthenticatedProblem,
)
from shared.security.pseudonyms import Pseudonymizer
from subgraphs.user.inputs import (
    AccountDeleteInput,
    PreferencesUpdateInput,
    ProfileUpdateInput,
    UserRolesSetInput,
)
from subgraphs.user.service import account_export as exporting
from subgraphs.user.service import accounts, erasure
from subgraphs.user.service.password_check import PasswordCheck
from subgraphs.user.service.revocation import SessionRevoker
from subgraphs.user.types import Preferences, User


@strawberry.type(description="A profile was changed.")
class ProfileUpdateSuccess:
    user: User = strawberry.field(description="The user with the new profile.")


ProfileUpdateResult: TypeAlias = Annotated[
    ProfileUpdateSuccess | InvalidInputProblem | ConflictProblem | NotFoundProblem,
    strawberry.union("ProfileUpdateResult", description="The changed profile, or why it stays as it was."),
]


@strawberry.type(description="Preferences were changed.")
class PreferencesUpdateSuccess:
    preferences: Preferences = strawberry.field(description="The preferences as they are now.")


PreferencesUpdateResult: TypeAlias = Annotated[
    PreferencesUpdateSuccess | InvalidInputProblem | ConflictProblem | NotFoundProblem,
    strawberry.union("PreferencesUpdateResult", description="The changed preferences, or why they stay."),
]


@strawberry.type(description="A copy of what the shop holds of a person.")
class AccountExportSuccess:
    filename: str = strawberry.field(description="A name to save the document under.")
    document: str = strawberry.field(
        description="What is stored of the account itself, as JSON: profile, preferences, sessions."
    )
    user: User = strawberry.field(
        description="The account as the graph shows it: select designs, orders and all the rest here."
    )


AccountExportResult: TypeAlias = Annotated[
    AccountExportSuccess | UnauthenticatedProblem | NotFoundProblem,
    strawberry.union("AccountExportResult", description="The copy, or why there is none."),
]


@strawberry.type(description="An account is gone for good.")
class AccountDeleteSuccess:
    user_id: strawberry.ID = strawberry.field(
        description="Whose account it was. Other parts of the shop forget the person within moments."
    )


AccountDeleteResult: TypeAlias = Annotated[
    AccountDeleteSuccess | UnauthenticatedProblem | RateLimitedProblem | NotFoundProblem | IllegalStateProblem,
    strawberry.union("AccountDeleteResult", description="The end of an account, or why it is still there."),
]


@strawberry.type(description="A user's roles were set; sessions with other roles are over.")
class UserRolesSetSuccess:
    user: User = strawberry.field(description="The user with the new roles.")


UserRolesSetResult: TypeAlias = Annotated[
    UserRolesSetSuccess | InvalidInputProblem | ConflictProblem | NotFoundProblem | IllegalStateProblem,
    strawberry.union("UserRolesSetResult", description="The user, or why the roles stay as they were."),
]


@strawberry.type
class AccountMutations:
    @strawberry.mutation(
        description="Change one's own profile.",
        extensions=signed_in(),
        metadata=OWN,
    )
    async def profile_update(
        self, info: Info, input: Annotated[ProfileUpdateInput, strawberry.argument(description="The changes.")]
    ) -> ProfileUpdateResult:
        profile = await accounts.update_profile(info.context.database, info.context.user_id, input)
        return ProfileUpdateSuccess(user=User.from_row(profile))

    @strawberry.mutation(
        description="Change one's own preferences.",
        extensions=signed_in(),
        metadata=OWN,
    )
    async def preferences_update(
        self, info: Info, input: Annotated[PreferencesUpdateInput, strawberry.argument(description="The changes.")]
    ) -> PreferencesUpdateResult:
        preferences = await accounts.update_preferences(info.context.database, info.context.user_id, input)
        return PreferencesUpdateSuccess(preferences=Preferences.from_row(preferences))

    @strawberry.mutation(
        description="A copy of all personal data: what the account itself holds comes as a document, and the rest is "
        "to be selected below `user`, page by page.",
        extensions=signed_in(),
        metadata=OWN,
    )
    async def account_export(self, info: Info) -> AccountExportResult:
        profile, document = await exporting.export_account(info.context.database, info.context.user_id)
        name = f"{profile.id}.json"
        return AccountExportSuccess(filename=name, document=document, user=User.from_row(profile))

    @strawberry.mutation(
        description="Delete one's own account, and with it all personal data wherever the shop keeps them. "
        "Orders stay in the books without a name.",
        extensions=signed_in(),
        metadata=OWN,
    )
    async def account_delete(
        self, info: Info, input: Annotated[AccountDeleteInput, strawberry.argument(description="The confirmation.")]
    ) -> AccountDeleteResult:
        context = info.context
        check, revoker = context.resource(PasswordCheck), context.resource(SessionRevoker)
        pseudonymizer = context.resource(Pseudonymizer)
        await erasure.delete_account(context.database, check, pseudonymizer, revoker, context.user_id, input.password)
        return AccountDeleteSuccess(user_id=strawberry.ID(context.user_id))

    @strawberry.mutation(
        description="Set what a user may do. It ends their sessions.", extensions=scoped("users:write")
    )
    async def user_roles_set(
        self, info: Info, input: Annotated[UserRolesSetInput, strawberry.argument(description="User and roles.")]
    ) -> UserRolesSetResult:
        context = info.context
        revoker = context.resource(SessionRevoker)
        profile = await accounts.set_roles(context.database, revoker, input.user_id, input.version, input.roles)
        return UserRolesSetSuccess(user=User.from_row(profile))
