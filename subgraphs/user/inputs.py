"""What is asked of the user subgraph."""

import datetime as dt

import strawberry
from strawberry import UNSET

from shared.graph.money import CurrencyCode
from shared.graph.postal_addresses import ShippingAddressInput
from shared.graph.updates import UpdateInput
from subgraphs.user.enums import DevicePlatform, PetSize, PetSpecies, Role, Theme

KEY = (
    "A unique key for this request, 1 to 100 characters, such as a UUID. A retry with the same key and input returns "
    "the first result instead of making another."
)


@strawberry.input(description="An account to register.")
class AccountRegisterInput:
    email: str = strawberry.field(
        description="The e-mail address to log in with, up to 254 characters. Case-insensitive."
    )
    name: str = strawberry.field(description="The person's name, 1 to 100 characters.")
    locale: str | None = strawberry.field(
        default=None,
        description="The language of the e-mail, and the first `Preferences.locale` of the account, as a language tag "
        "such as `de-AT`; default: `en-GB`.",
    )


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
    refresh_token: str | None = strawberry.field(
        default=None,
        description="The latest refresh token of the session, which cannot be used again; null for the one in the "
        "session cookie.",
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
        "picture, also one that was uploaded with `avatarUpload`.",
    )


@strawberry.input(description="A picture of the viewer.")
class AvatarUploadInput:
    version: int = strawberry.field(description="The `version` of the user that the change is based on.")
    image: str = strawberry.field(
        description="The bytes of a JPEG, PNG or WebP as base64 (RFC 4648), at most 512 KiB before they are encoded, "
        "and 16 million pixels. The middle of the picture is kept, as a JPEG of 256 by 256 pixels without metadata."
    )


@strawberry.input(
    description="Changes to the viewer's own preferences. A field that is left out does not change; null removes its "
    "value, which only the fields of the pet allow."
)
class PreferencesUpdateInput(UpdateInput):
    version: int = strawberry.field(description="The `version` of the preferences that the changes are based on.")
    locale: str | None = strawberry.field(
        default=UNSET,
        description="The language and region, as a language tag such as `en` or `de-AT`; `Preferences.language` "
        "follows it.",
    )
    currency: CurrencyCode | None = strawberry.field(default=UNSET, description="The currency to show prices in.")
    theme: Theme | None = strawberry.field(default=UNSET, description="The colour theme of the apps.")
    marketing_emails: bool | None = strawberry.field(
        default=UNSET, description="Whether to send news and offers by e-mail."
    )
    order_emails: bool | None = strawberry.field(
        default=UNSET, description="Whether to send an e-mail at each step of an order."
    )
    order_pushes: bool | None = strawberry.field(
        default=UNSET, description="Whether to send a push message to the user's devices at each step of an order."
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


@strawberry.input(description="An address to save.")
class AddressCreateInput:
    address: ShippingAddressInput = strawberry.field(description="The address.")
    label: str | None = strawberry.field(
        default=None, description="A name for the address, such as `Home`, up to 40 characters; default: none."
    )
    is_default: bool = strawberry.field(
        default=False, description="Whether to offer it first from now on. The first address always is the default."
    )
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)


@strawberry.input(
    description="Changes to one of the viewer's own addresses. A field that is left out does not change; null removes "
    "its value, which only `label` allows."
)
class AddressUpdateInput(UpdateInput):
    id: strawberry.ID = strawberry.field(description="The id of the address.")
    version: int = strawberry.field(description="The `version` of the address that the changes are based on.")
    address: ShippingAddressInput | None = strawberry.field(
        default=UNSET, description="The whole new address: parts that it leaves out are removed."
    )
    label: str | None = strawberry.field(
        default=UNSET, description="The new name, up to 40 characters; null or an empty string for none."
    )


@strawberry.input(description="Which address to offer first.")
class AddressDefaultSetInput:
    id: strawberry.ID = strawberry.field(description="The id of one of the viewer's own addresses.")


@strawberry.input(description="Which address to delete.")
class AddressDeleteInput:
    id: strawberry.ID = strawberry.field(description="The id of one of the viewer's own addresses.")


@strawberry.input(
    description="The measures of a pet, each a whole number in one unit, whatever unit a client shows. A measure that "
    "is left out or null is not known."
)
class PetMeasuresInput:
    neck_millimetres: int | None = strawberry.field(
        default=None, description="Around the neck where the collar sits, 10 to 3,000 millimetres."
    )
    chest_millimetres: int | None = strawberry.field(
        default=None, description="Around the chest behind the front legs, 10 to 3,000 millimetres."
    )
    back_millimetres: int | None = strawberry.field(
        default=None, description="From the base of the neck to the base of the tail, 10 to 3,000 millimetres."
    )
    length_millimetres: int | None = strawberry.field(
        default=None, description="From the nose to the base of the tail, 10 to 3,000 millimetres."
    )
    weight_grams: int | None = strawberry.field(default=None, description="The body weight, 10 to 200,000 grams.")


@strawberry.input(description="A pet to add.")
class PetCreateInput:
    name: str = strawberry.field(description="The pet's name, 1 to 60 characters.")
    species: PetSpecies = strawberry.field(description="The species.")
    breed: str | None = strawberry.field(
        default=None, description="The breed, up to 80 characters; default: not known."
    )
    size: PetSize | None = strawberry.field(default=None, description="The size class; default: not known.")
    measures: PetMeasuresInput | None = strawberry.field(
        default=None, description="The measures; default: none is known."
    )
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)


@strawberry.input(
    description="Changes to one of the viewer's own pets. A field that is left out does not change; null removes its "
    "value, which `breed`, `size` and `measures` allow."
)
class PetUpdateInput(UpdateInput):
    id: strawberry.ID = strawberry.field(description="The id of the pet.")
    version: int = strawberry.field(description="The `version` of the pet that the changes are based on.")
    name: str | None = strawberry.field(default=UNSET, description="The new name, 1 to 60 characters.")
    species: PetSpecies | None = strawberry.field(default=UNSET, description="The species.")
    breed: str | None = strawberry.field(
        default=UNSET, description="The breed, up to 80 characters; null or an empty string if it is not known."
    )
    size: PetSize | None = strawberry.field(default=UNSET, description="The size class; null if it is not known.")
    measures: PetMeasuresInput | None = strawberry.field(
        default=UNSET, description="All measures: those that it leaves out are not known any more."
    )


@strawberry.input(description="Which pet to delete.")
class PetDeleteInput:
    id: strawberry.ID = strawberry.field(description="The id of one of the viewer's own pets.")


@strawberry.input(description="The app that asks, as its platform reaches it.")
class DeviceRegisterInput:
    platform: DevicePlatform = strawberry.field(description="The platform.")
    push_token: str = strawberry.field(
        description="The registration token of Firebase Cloud Messaging, or the device token of Apple's service in "
        "hexadecimal; up to 4,096 characters."
    )


@strawberry.input(description="Which device gets no push messages any more.")
class DeviceUnregisterInput:
    id: strawberry.ID = strawberry.field(description="The id of one of the viewer's own devices.")


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


@strawberry.input(description="An account to suspend.")
class UserSuspendInput:
    user_id: strawberry.ID = strawberry.field(description="The id of the user, who is not the viewer.")
    reason: str = strawberry.field(
        description="Why, for staff, 1 to 500 characters; the user does not see it, except in an export of their data."
    )


@strawberry.input(description="An account whose suspension to end.")
class UserReinstateInput:
    user_id: strawberry.ID = strawberry.field(description="The id of the user.")


@strawberry.input(description="Which users to list: those that meet all given conditions.")
class UserFilter:
    search: str | None = strawberry.field(
        default=None,
        description="Beginnings of words of the name and the e-mail address. Case and accents do not matter: `jose` "
        "finds `José`. At most the 10,000 newest are found.",
    )
    role: Role | None = strawberry.field(default=None, description="Only users with this role.")
    created_from: dt.datetime | None = strawberry.field(default=None, description="Registered at or after this time.")
    created_before: dt.datetime | None = strawberry.field(default=None, description="Registered before this time.")
    suspended: bool | None = strawberry.field(default=None, description="Whether the account is suspended.")
