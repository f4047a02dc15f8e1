"""Root fields that change, export and delete accounts, each below what it answers."""

from typing import Annotated, TypeAlias

import strawberry

from shared.graph.access import OWN, recent, scoped, signed_in
from shared.graph.context import Info
from shared.graph.problems import (
    ConflictProblem,
    IllegalStateProblem,
    InvalidInputProblem,
    NotFoundProblem,
    RateLimitedProblem,
    ReauthenticationProblem,
    UnauthenticatedProblem,
    UnavailableProblem,
)
from shared.security.auth import ACCOUNT_AGE
from shared.security.pseudonyms import Pseudonymizer
from subgraphs.user.inputs import (
    AccountDeleteInput,
    AvatarUploadInput,
    PreferencesUpdateInput,
    ProfileUpdateInput,
    UserRolesSetInput,
)
from subgraphs.user.mutations import session_cookie
from subgraphs.user.service import account_export as exporting
from subgraphs.user.service import accounts, erasure
from subgraphs.user.service.avatars import Avatars
from subgraphs.user.service.password_check import PasswordCheck
from subgraphs.user.service.revocation import SessionRevoker
from subgraphs.user.types import Preferences, User


@strawberry.type(description="The profile was changed.")
class ProfileUpdateSuccess:
    user: User = strawberry.field(description="The user with the new profile.")


ProfileUpdateResult: TypeAlias = Annotated[
    ProfileUpdateSuccess | InvalidInputProblem | ConflictProblem | NotFoundProblem,
    strawberry.union("ProfileUpdateResult", description="The user with the new profile, or why it was not changed."),
]


@strawberry.type(description="The picture was encoded anew and is shown from now on.")
class AvatarUploadSuccess:
    user: User = strawberry.field(description="The user with the new picture.")


AvatarUploadResult: TypeAlias = Annotated[
    AvatarUploadSuccess
    | InvalidInputProblem
    | ConflictProblem
    | NotFoundProblem
    | RateLimitedProblem
    | UnavailableProblem,
    strawberry.union("AvatarUploadResult", description="The user with the new picture, or why it was not taken."),
]


@strawberry.type(description="The preferences were changed.")
class PreferencesUpdateSuccess:
    preferences: Preferences = strawberry.field(description="The preferences after the change.")


PreferencesUpdateResult: TypeAlias = Annotated[
    PreferencesUpdateSuccess | InvalidInputProblem | ConflictProblem | NotFoundProblem,
    strawberry.union("PreferencesUpdateResult", description="The changed preferences, or why they were not changed."),
]


@strawberry.type(description="A copy of the personal data that the shop stores about the viewer.")
class AccountExportSuccess:
    filename: str = strawberry.field(
        description="A file name for the document: the user's id with the extension `.json`."
    )
    document: str = strawberry.field(
        description="The account's own data as JSON text: profile, preferences, the picture as base64, addresses, "
        "pets, devices and what they were sent, time of the last password change, sessions, second factor, open "
        "log-ins and passkeys."
    )
    user: User = strawberry.field(
        description="The viewer's account in the graph. Select designs, orders and other data below it to export them."
    )


AccountExportResult: TypeAlias = Annotated[
    AccountExportSuccess | UnauthenticatedProblem | ReauthenticationProblem | NotFoundProblem,
    strawberry.union("AccountExportResult", description="The exported data, or why there is none."),
]


@strawberry.type(description="The account was deleted permanently.")
class AccountDeleteSuccess:
    user_id: strawberry.ID = strawberry.field(
        description="The id of the deleted user. Personal data elsewhere in the shop, such as in orders, is erased "
        "shortly afterwards."
    )


AccountDeleteResult: TypeAlias = Annotated[
    AccountDeleteSuccess | UnauthenticatedProblem | RateLimitedProblem | NotFoundProblem | IllegalStateProblem,
    strawberry.union("AccountDeleteResult", description="The deleted account, or why it was not deleted."),
]


@strawberry.type(description="The roles were set. If they changed, all of the user's sessions have ended.")
class UserRolesSetSuccess:
    user: User = strawberry.field(description="The user with the new roles.")


UserRolesSetResult: TypeAlias = Annotated[
    UserRolesSetSuccess
    | InvalidInputProblem
    | ConflictProblem
    | NotFoundProblem
    | IllegalStateProblem
    | ReauthenticationProblem,
    strawberry.union(
        "UserRolesSetResult", description="The user with the new roles, or why the roles were not changed."
    ),
]


@strawberry.type
class AccountMutations:
    @strawberry.mutation(description="Change the viewer's own profile.", extensions=signed_in(), metadata=OWN)
    async def profile_update(
        self, info: Info, input: Annotated[ProfileUpdateInput, strawberry.argument(description="The changes.")]
    ) -> ProfileUpdateResult:
        profile = await accounts.update_profile(info.context.database, info.context.user_id, input)
        return ProfileUpdateSuccess(user=User.from_row(profile))

    @strawberry.mutation(
        description="Upload a picture of the viewer, at most 20 an hour. It replaces the one before; "
        "`profileUpdate(input: { avatarUrl: null })` removes it.",
        extensions=signed_in(),
        metadata=OWN,
    )
    async def avatar_upload(
        self, info: Info, input: Annotated[AvatarUploadInput, strawberry.argument(description="The picture.")]
    ) -> AvatarUploadResult:
        avatars = info.context.resource(Avatars)
        profile = await avatars.upload(info.context.user_id, input.version, input.image)
        return AvatarUploadSuccess(user=User.from_row(profile))

    @strawberry.mutation(description="Change the viewer's own preferences.", extensions=signed_in(), metadata=OWN)
    async def preferences_update(
        self, info: Info, input: Annotated[PreferencesUpdateInput, strawberry.argument(description="The changes.")]
    ) -> PreferencesUpdateResult:
        preferences = await accounts.update_preferences(info.context.database, info.context.user_id, input)
        return PreferencesUpdateSuccess(preferences=Preferences.from_row(preferences))

    @strawberry.mutation(
        description="Export the viewer's personal data. The account's own data is returned as a document; select "
        "the rest below `user`, page by page. Requires an authentication within the last 15 minutes.",
        extensions=[*recent(ACCOUNT_AGE), *signed_in()],
        metadata=OWN,
    )
    async def account_export(self, info: Info) -> AccountExportResult:
        profile, document = await exporting.export_account(info.context.database, info.context.user_id)
        name = f"{profile.id}.json"
        return AccountExportSuccess(filename=name, document=document, user=User.from_row(profile))

    @strawberry.mutation(
        description="Delete the viewer's own account and all personal data that the shop stores about it. Orders "
        "are kept for accounting, without a name.",
        extensions=signed_in(),
        metadata=OWN,
    )
    async def account_delete(
        self, info: Info, input: Annotated[AccountDeleteInput, strawberry.argument(description="The confirmation.")]
    ) -> AccountDeleteResult:
        context = info.context
        check, revoker = context.resource(PasswordCheck), context.resource(SessionRevoker)
        pseudonymizer = context.resource(Pseudonymizer)
        await erasure.delete_account(
            context.database, check, pseudonymizer, revoker, context.viewer, input.password, context.address
        )
        session_cookie.forget(context)
        return AccountDeleteSuccess(user_id=strawberry.ID(context.user_id))

    @strawberry.mutation(
        description="Replace the roles of a user. If the roles change, all of the user's sessions end. Requires "
        "the scope `users:write`, and an authentication within the last 15 minutes.",
        extensions=[*recent(ACCOUNT_AGE), *scoped("users:write")],
    )
    async def user_roles_set(
        self,
        info: Info,
        input: Annotated[UserRolesSetInput, strawberry.argument(description="The user and their new roles.")],
    ) -> UserRolesSetResult:
        context = info.context
        revoker = context.resource(SessionRevoker)
        profile = await accounts.set_roles(context.database, revoker, input.user_id, input.version, input.roles)
        return UserRolesSetSuccess(user=User.from_row(profile))
