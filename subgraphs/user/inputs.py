"""What is asked of the user subgraph."""

import strawberry
from strawberry import UNSET

from shared.graph.money import CurrencyCode
from shared.graph.updates import UpdateInput
from subgraphs.user.enums import PetSize, PetSpecies, Role, Theme


@strawberry.input(description="An account to register.")
class AccountRegisterInput:
    email: str = strawberry.field(
        description="The e-mail address to log in with, up to 254 characters. Case-insensitive."
    )
    name: str = strawberry.field(description="The person's name, 1 to 100 characters.")


@strawberry.input(description="A registration whose e-mail is to be sent again.")
class EmailVerificationRequestInput:
    receipt: strawberry.ID = strawberry.field(description="The `receipt` that `accountRegister` returned.")


@strawberry.input(description="A token that proves ownership of an e-mail address.")
class EmailVerifyInput:
    token: str = strawberry.field(description="The token from the e-mail, valid for 24 hours and one use.")
    password: str | None = strawberry.field(
        default=None,
        description="The password of the account that is opened, 10 to 200 characters; required for the token of a "
        "registration, and not used for others. Passwords that are easy to guess, also from the name or e-mail "
        "address, are refused.",
    )


@strawberry.input(description="Credentials to log in with.")
class SessionCreateInput:
    email: str = strawberry.field(description="The account's e-mail address.")
    password: str = strawberry.field(description="The account's password.")
    device: str = strawberry.field(
        default="",
        description="A name by which the user recognises the device, such as `Anna's phone`; up to 200 characters, "
        "default: empty.",
    )


@strawberry.input(description="The second step of a log-in.")
class SessionConfirmInput:
    challenge: str = strawberry.field(
        description="The `challenge` that `sessionCreate` or `passwordReset` returned, valid for five minutes."
    )
    code: str = strawberry.field(
        description="The six-digit code that the user's app shows, or one of the recovery codes. Spaces are ignored."
    )


@strawberry.input(description="What proves once more that the user is present. Send exactly one of the two.")
class SessionReauthenticateInput:
    password: str | None = strawberry.field(
        default=None, description="The account's password, if the account has no second factor."
    )
    code: str | None = strawberry.field(
        default=None, description="A code of the account's second factor, or one of the recovery codes."
    )


@strawberry.input(description="A code that proves that the user's app holds the secret.")
class TotpConfirmInput:
    code: str = strawberry.field(description="The six-digit code that the user's app shows.")


@strawberry.input(description="Confirms that the viewer's second factor is to be removed.")
class TotpRemoveInput:
    code: str = strawberry.field(
        description="The six-digit code that the user's app shows, or one of the recovery codes."
    )


@strawberry.input(description="A user whose second factor is to be removed, because they have lost it.")
class UserSecondFactorRemoveInput:
    user_id: strawberry.ID = strawberry.field(description="The id of the user.")


@strawberry.input(description="A refresh token to exchange for new tokens.")
class SessionRefreshInput:
    refresh_token: str = strawberry.field(
        description="The latest refresh token of the session. It cannot be used again."
    )


@strawberry.input(description="Which session to end.")
class SessionRevokeInput:
    session_id: strawberry.ID = strawberry.field(
        description="The id of one of `User.sessions`; to log out, the one that is `current`. With the scope "
        "`users:write` any user's session can be ended."
    )


@strawberry.input(description="Which of the viewer's own sessions to end.")
class SessionsRevokeAllInput:
    keep_current: bool = strawberry.field(description="Whether to keep the session of the current request.")


@strawberry.input(description="A new password to replace the current one.")
class PasswordChangeInput:
    current_password: str = strawberry.field(description="The current password.")
    new_password: str = strawberry.field(
        description="The new password, 10 to 200 characters. Passwords that are easy to guess, also from the name "
        "or e-mail address, are refused."
    )


@strawberry.input(description="A passkey that an authenticator has made.")
class PasskeyRegisterInput:
    response: str = strawberry.field(
        description="The result of `navigator.credentials.create()` as JSON text: `JSON.stringify(credential)` in "
        "browsers, `registrationResponseJson` on Android; up to 16,384 characters."
    )
    name: str = strawberry.field(
        description="A name by which the user recognises the passkey, such as `Anna's phone`; 1 to 60 characters."
    )


@strawberry.input(description="A passkey to log in with.")
class PasskeyLoginInput:
    response: str = strawberry.field(
        description="The result of `navigator.credentials.get()` as JSON text: `JSON.stringify(credential)` in "
        "browsers, `authenticationResponseJson` on Android; up to 16,384 characters."
    )
    device: str = strawberry.field(
        default="", description="A name for the device that is logged in, up to 200 characters; default: empty."
    )


@strawberry.input(description="A passkey to authenticate with once more.")
class PasskeyReauthenticateInput:
    response: str = strawberry.field(
        description="The result of `navigator.credentials.get()` as JSON text, for the options of "
        "`passkeyReauthenticationStart`; up to 16,384 characters."
    )


@strawberry.input(description="A new name for a passkey.")
class PasskeyRenameInput:
    passkey_id: strawberry.ID = strawberry.field(description="The id of one of the viewer's own passkeys.")
    version: int = strawberry.field(description="The `version` of the passkey that the change is based on.")
    name: str = strawberry.field(description="The new name, 1 to 60 characters.")


@strawberry.input(description="Which passkey to remove.")
class PasskeyRemoveInput:
    passkey_id: strawberry.ID = strawberry.field(description="The id of one of the viewer's own passkeys.")


@strawberry.input(description="The account whose password is to be reset.")
class PasswordResetRequestInput:
    email: str = strawberry.field(description="The account's e-mail address.")


@strawberry.input(description="A new password, with the token from an e-mail.")
class PasswordResetInput:
    token: str = strawberry.field(
        description="The token from the e-mail, valid for one use: for one hour, or for seven days if it undoes a "
        "change of the e-mail address."
    )
    password: str = strawberry.field(
        description="The new password, 10 to 200 characters. Passwords that are easy to guess are refused."
    )
    device: str = strawberry.field(
        default="", description="A name for the device that is logged in, up to 200 characters; default: empty."
    )


@strawberry.input(description="A new e-mail address to log in with.")
class EmailChangeInput:
    email: str = strawberry.field(
        description="The new e-mail address, up to 254 characters. The verification e-mail is sent to it."
    )
    password: str = strawberry.field(description="The account's current password, as confirmation.")


@strawberry.input(
    description="Changes to the viewer's own profile. A field that is left out does not change; null removes its value."
)
class ProfileUpdateInput(UpdateInput):
    version: int = strawberry.field(description="The `version` of the user that the changes are based on.")
    name: str | None = strawberry.field(
        default=UNSET, description="The new name, 1 to 100 characters. It cannot be removed."
    )
    avatar_url: str | None = strawberry.field(
        default=UNSET,
        description="The http or https URL of a picture, up to 2,000 characters; null or an empty string removes the "
        "picture.",
    )


@strawberry.input(
    description="Changes to the viewer's own preferences. A field that is left out does not change; null removes its "
    "value, which only the fields of the pet allow."
)
class PreferencesUpdateInput(UpdateInput):
    version: int = strawberry.field(description="The `version` of the preferences that the changes are based on.")
    locale: str | None = strawberry.field(
        default=UNSET, description="The language of texts, as a language tag such as `en` or `en-GB`."
    )
    currency: CurrencyCode | None = strawberry.field(default=UNSET, description="The currency to show prices in.")
    theme: Theme | None = strawberry.field(default=UNSET, description="The colour theme of the apps.")
    marketing_emails: bool | None = strawberry.field(
        default=UNSET, description="Whether to send news and offers by e-mail."
    )
    order_emails: bool | None = strawberry.field(
        default=UNSET, description="Whether to send an e-mail at each step of an order."
    )
    pet_species: PetSpecies | None = strawberry.field(
        default=UNSET, description="The species of the default pet; null for none."
    )
    pet_breed: str | None = strawberry.field(
        default=UNSET,
        description="The breed of the default pet, up to 80 characters; null or an empty string for none.",
    )
    pet_size: PetSize | None = strawberry.field(
        default=UNSET, description="The size of the default pet; null for none."
    )


@strawberry.input(description="Confirms that the viewer's own account is to be deleted permanently.")
class AccountDeleteInput:
    password: str = strawberry.field(description="The account's current password, as confirmation.")


@strawberry.input(description="The new roles of a user.")
class UserRolesSetInput:
    user_id: strawberry.ID = strawberry.field(description="The id of the user.")
    version: int = strawberry.field(description="The `version` of the user that the change is based on.")
    roles: list[Role] = strawberry.field(
        description="All roles of the user, at least one. Roles that are left out are removed."
    )


@strawberry.input(description="Which users to list: those that meet all given conditions.")
class UserFilter:
    search: str | None = strawberry.field(
        default=None, description="Part of a name or e-mail address. Case-insensitive."
    )
    role: Role | None = strawberry.field(default=None, description="Only users with this role.")
