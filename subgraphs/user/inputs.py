"""What is asked of the user subgraph."""

import dataclasses

import strawberry

from shared.graph.money import CurrencyCode
from subgraphs.user.enums import PetSize, PetSpecies, Role, Theme


@strawberry.input(description="A new account.")
class AccountRegisterInput:
    email: str = strawberry.field(description="The address to log in with; its case does not matter.")
    password: str = strawberry.field(
        description="10 to 200 characters; what is easily guessed, also from name and address, is refused."
    )
    name: str = strawberry.field(description="What to call the person, up to 100 characters.")


@strawberry.input(description="Which registration to mail once more.")
class EmailVerificationRequestInput:
    receipt: strawberry.ID = strawberry.field(description="The `receipt` of `accountRegister`.")


@strawberry.input(description="The proof that an address is one's own.")
class EmailVerifyInput:
    token: str = strawberry.field(description="The token of the mail.")


@strawberry.input(description="Credentials to log in with.")
class SessionCreateInput:
    email: str = strawberry.field(description="The account's e-mail address.")
    password: str = strawberry.field(description="The account's password.")
    device: str = strawberry.field(
        default="", description="A name by which the person knows the device, such as `Anna's phone`."
    )


@strawberry.input(description="A refresh token to exchange for new tokens.")
class SessionRefreshInput:
    refresh_token: str = strawberry.field(description="The last refresh token of the session; it is spent by this.")


@strawberry.input(description="Which session to end.")
class SessionRevokeInput:
    session_id: strawberry.ID = strawberry.field(
        description="One of `User.sessions`; to log out, the one that is `current`. Administrators may end anybody's."
    )


@strawberry.input(description="Which of one's own sessions to end.")
class SessionsRevokeAllInput:
    keep_current: bool = strawberry.field(description="Whether the session that asks goes on.")


@strawberry.input(description="A new password in place of the present one.")
class PasswordChangeInput:
    current_password: str = strawberry.field(description="The present password.")
    new_password: str = strawberry.field(description="10 to 200 characters; what is easily guessed is refused.")


@strawberry.input(description="Whose password is forgotten.")
class PasswordResetRequestInput:
    email: str = strawberry.field(description="The account's e-mail address.")


@strawberry.input(description="A new password, by a mailed token.")
class PasswordResetInput:
    token: str = strawberry.field(description="The token of the mail.")
    password: str = strawberry.field(description="10 to 200 characters; what is easily guessed is refused.")
    device: str = strawberry.field(default="", description="A name for the device, which is logged in by this.")


@strawberry.input(description="Another address to log in with.")
class EmailChangeInput:
    email: str = strawberry.field(description="The new address; a mail goes there.")
    password: str = strawberry.field(description="The account's password, once more.")


@strawberry.input(description="Changes to one's own profile. Fields that are left out stay as they are.")
class ProfileUpdateInput:
    version: int = strawberry.field(description="The profile's version as it was read.")
    name: str | None = strawberry.field(default=None, description="A new name, up to 100 characters.")
    avatar_url: str | None = strawberry.field(
        default=None, description="An http or https address of a picture; an empty text removes it."
    )


@strawberry.input(description="Changes to one's own preferences. Fields that are left out stay as they are.")
class PreferencesUpdateInput:
    version: int = strawberry.field(description="The preferences' version as it was read.")
    locale: str | None = strawberry.field(default=None, description="A language tag such as `en-GB`.")
    currency: CurrencyCode | None = strawberry.field(default=None, description="The currency to show prices in.")
    theme: Theme | None = strawberry.field(default=None, description="The look of the apps.")
    marketing_emails: bool | None = strawberry.field(default=None, description="Whether to send news and offers.")
    order_emails: bool | None = strawberry.field(default=None, description="Whether to mail each step of an order.")
    pet_species: PetSpecies | None = strawberry.field(default=None, description="The species of the default pet.")
    pet_breed: str | None = strawberry.field(default=None, description="The breed of the default pet.")
    pet_size: PetSize | None = strawberry.field(default=None, description="The size of the default pet.")

    def changes(self) -> dict[str, object]:
        """Return the fields that were sent, by column."""
        sent = {field.name: getattr(self, field.name) for field in dataclasses.fields(self)}
        return {name: value for name, value in sent.items() if name != "version" and value is not None}


@strawberry.input(description="The confirmation that one's own account shall be deleted for good.")
class AccountDeleteInput:
    password: str = strawberry.field(description="The account's password, once more.")


@strawberry.input(description="The roles that a user shall have from now on.")
class UserRolesSetInput:
    user_id: strawberry.ID = strawberry.field(description="Whose roles to set.")
    version: int = strawberry.field(description="The user's version as it was read.")
    roles: list[Role] = strawberry.field(description="All roles; those left out are taken away.")


@strawberry.input(description="Which users to list. Conditions that are left out let all pass.")
class UserFilter:
    search: str | None = strawberry.field(
        default=None, description="Part of a name or e-mail address; case does not matter."
    )
    role: Role | None = strawberry.field(default=None, description="Only holders of this role.")
