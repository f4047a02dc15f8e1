"""What is shown of users."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

import strawberry
from strawberry import federation

from shared.core.errors import Forbidden
from shared.core.ids import is_id
from shared.graph.access import owner_or, rule, scoped, signed_in
from shared.graph.context import Info
from shared.graph.languages import Language, language_of
from shared.graph.money import CurrencyCode
from shared.graph.pagination import Connection, Page, paged
from shared.graph.row_types import RowType, mapped_columns
from subgraphs.user import models
from subgraphs.user.enums import DevicePlatform, PetSize, PetSpecies, Role, Theme
from subgraphs.user.loaders import (
    AddressesByUser,
    DevicesByUser,
    PasskeyCountByUser,
    PasskeysByUser,
    PetsByUser,
    PreferencesByUser,
    ProfileById,
    RecoveryCodeCountByUser,
    SessionCountByUser,
    SessionsByUser,
    TotpByUser,
)
from subgraphs.user.service.avatars import Avatars

READ = "users:read"
MILLIMETRES_PER_CENTIMETRE = 10
MILLIMETRES_PER_INCH = 25.4
GRAMS_PER_KILOGRAM = 1000
GRAMS_PER_POUND = 453.59237


@strawberry.type(description="A user's preferences, shared by all apps.")
class Preferences(RowType[models.UserPreferences]):
    locale: str = strawberry.field(description="The language and region that the user chose, such as `de-AT`.")
    currency: CurrencyCode = strawberry.field(description="The currency that prices are shown in.")
    theme: Theme = strawberry.field(description="The colour theme of the apps.")
    marketing_emails: bool = strawberry.field(description="Whether the user gets news and offers by e-mail.")
    order_emails: bool = strawberry.field(description="Whether the user gets an e-mail at each step of an order.")
    order_pushes: bool = strawberry.field(
        description="Whether the user's devices get a push message at each step of an order."
    )
    pet_species: PetSpecies | None = strawberry.field(description="The species of the default pet; null if not set.")
    pet_breed: str | None = strawberry.field(description="The breed of the default pet; null if not set.")
    pet_size: PetSize | None = strawberry.field(description="The size of the default pet; null if not set.")
    version: int = strawberry.field(description="Increases by 1 with each change; send it with `preferencesUpdate`.")

    @strawberry.field(
        description="The language of `locale`, or EN if the shop has no texts in it: send it as `language` to fields "
        "that show texts, such as `productOptions`. Mails and push messages are in it."
    )
    def language(self) -> Language:
        return language_of(self.locale)


@strawberry.type(description="An address that the user has saved. `cartDeliverySet` takes its parts by the same names.")
class SavedAddress(RowType[models.Address]):
    id: strawberry.ID = strawberry.field(description="The address's id, `adr_…`.")
    label: str | None = strawberry.field(
        description="The user's own name for the address, such as `Home`; null if it has none."
    )
    recipient: str = strawberry.field(description="The name of the recipient.")
    address_line1: str = strawberry.field(description="Street and house number.")
    address_line2: str | None = strawberry.field(
        description="Further details of the address, such as a floor; null if there are none."
    )
    city: str = strawberry.field(description="The city or town.")
    region: str | None = strawberry.field(description="The state, county or region; null if there is none.")
    postal_code: str | None = strawberry.field(description="The postal code; null if there is none.")
    country_code: str = strawberry.field(description="The country as an ISO 3166-1 alpha-2 code, such as `DE`.")
    phone: str | None = strawberry.field(description="A telephone number for the carrier; null if there is none.")
    is_default: bool = strawberry.field(
        description="Whether the address is the one to offer first. Of a user's addresses exactly one is."
    )
    created_at: dt.datetime = strawberry.field(description="When the address was saved.")
    version: int = strawberry.field(description="Increases by 1 with each change; send it with `addressUpdate`.")


@strawberry.type(description="A length, in several units.")
class Length:
    millimetres: int = strawberry.field(description="The length in whole millimetres, as it is stored.")

    @strawberry.field(
        description="The length in whole centimetres, rounded down, as `ProductOptions.sizeFor` takes it."
    )
    def centimetres(self) -> int:
        return self.millimetres // MILLIMETRES_PER_CENTIMETRE

    @strawberry.field(description="The length in inches, rounded to tenths, such as `14.2`.")
    def inches(self) -> float:
        return round(self.millimetres / MILLIMETRES_PER_INCH, 1)

    @classmethod
    def of(cls, millimetres: int | None) -> "Length | None":
        """Show a length; None for one that is not known."""
        return cls(millimetres=millimetres) if millimetres is not None else None


@strawberry.type(description="A weight, in several units.")
class Weight:
    grams: int = strawberry.field(description="The weight in whole grams, as it is stored.")

    @strawberry.field(description="The weight in whole kilograms, rounded down, as `ProductOptions.sizeFor` takes it.")
    def kilograms(self) -> int:
        return self.grams // GRAMS_PER_KILOGRAM

    @strawberry.field(description="The weight in pounds, rounded to tenths, such as `24.3`.")
    def pounds(self) -> float:
        return round(self.grams / GRAMS_PER_POUND, 1)


@strawberry.type(
    description="The measures of a pet, named as the values of `PetMeasure`, by which products are sized, and `back` "
    "beside them. A measure is null if it is not known."
)
class PetMeasures:
    neck: Length | None = strawberry.field(description="Around the neck where the collar sits.")
    chest: Length | None = strawberry.field(description="Around the chest behind the front legs.")
    back: Length | None = strawberry.field(description="From the base of the neck to the base of the tail.")
    length: Length | None = strawberry.field(description="From the nose to the base of the tail.")
    weight: Weight | None = strawberry.field(description="The body weight.")


@strawberry.type(description="An animal that the user buys for.")
class Pet(RowType[models.Pet]):
    id: strawberry.ID = strawberry.field(description="The pet's id, `pet_…`.")
    name: str = strawberry.field(description="The pet's name.")
    species: PetSpecies = strawberry.field(description="The species.")
    breed: str | None = strawberry.field(description="The breed; null if it is not known.")
    size: PetSize | None = strawberry.field(description="The size class; null if it is not known.")
    created_at: dt.datetime = strawberry.field(description="When the pet was added.")
    version: int = strawberry.field(description="Increases by 1 with each change; send it with `petUpdate`.")
    neck_millimetres: strawberry.Private[int | None]
    chest_millimetres: strawberry.Private[int | None]
    back_millimetres: strawberry.Private[int | None]
    length_millimetres: strawberry.Private[int | None]
    weight_grams: strawberry.Private[int | None]

    @strawberry.field(
        description="The pet's measures. Give the one that `sizes.fit.measure` of a product names to its `sizeFor`."
    )
    def measures(self) -> PetMeasures:
        return PetMeasures(
            neck=Length.of(self.neck_millimetres),
            chest=Length.of(self.chest_millimetres),
            back=Length.of(self.back_millimetres),
            length=Length.of(self.length_millimetres),
            weight=Weight(grams=self.weight_grams) if self.weight_grams is not None else None,
        )


@strawberry.type(description="A user's session on one device, from the log-in until it expires or is ended.")
class Session(RowType[models.UserSession]):
    id: strawberry.ID = strawberry.field(description="The session's id, `ses_…`.")
    device: str = strawberry.field(description="The name of the device as given at log-in; may be empty.")
    created_at: dt.datetime = strawberry.field(description="When the user logged in.")
    last_seen_at: dt.datetime = strawberry.field(
        description="When the session's tokens were last refreshed; the time of the log-in until then."
    )
    expires_at: dt.datetime = strawberry.field(description="When the session expires: 30 days after the log-in.")
    revoked_at: dt.datetime | None = strawberry.field(
        description="When the session was ended before it expired; null if it was not."
    )

    @strawberry.field(description="Whether this is the session of the current request.")
    def current(self, info: Info) -> bool:
        return info.context.viewer.session_id == self.id


SessionConnection = Connection[Session]


@strawberry.type(description="An app of the user that gets push messages until its session ends.")
class Device(RowType[models.Device]):
    id: strawberry.ID = strawberry.field(description="The device's id, `dev_…`.")
    platform: DevicePlatform = strawberry.field(description="The platform.")
    registered_at: dt.datetime = strawberry.field(description="When the app registered last.")
    session_id: strawberry.Private[str]

    @strawberry.field(description="Whether this is the device of the current request's session.")
    def current(self, info: Info) -> bool:
        return info.context.viewer.session_id == self.session_id


@strawberry.type(
    description="A passkey: a key of the user's device or password manager that logs in without a password."
)
class Passkey(RowType[models.Passkey]):
    id: strawberry.ID = strawberry.field(description="The passkey's id, `pky_…`.")
    name: str = strawberry.field(description="The name that the user has given it.")
    created_at: dt.datetime = strawberry.field(description="When the passkey was registered.")
    last_used_at: dt.datetime | None = strawberry.field(
        description="When the passkey last authenticated the user; null if it never has."
    )
    backed_up: bool = strawberry.field(
        description="Whether the passkey is stored in more places than one device, so that it outlives the loss of it; "
        "as of its last use."
    )
    version: int = strawberry.field(description="Increases by 1 with each new name; send it with `passkeyRename`.")


PasskeyConnection = Connection[Passkey]


@federation.type(
    keys=["id"],
    tags=["id/usr"],
    description="A person with an account. Personal data is readable by the user and with the scope `users:read`.",
)
class User(RowType[models.UserProfile], access=rule(remark="the id alone; more field by field")):
    id: strawberry.ID = strawberry.field(description="The user's id, `usr_…`.")
    name: str | None = strawberry.field(
        description="The user's name; null if the viewer may not read it.", extensions=owner_or(READ, "id")
    )
    email: str | None = strawberry.field(
        description="The e-mail address that the user logs in with; null if the viewer may not read it.",
        extensions=owner_or(READ, "id"),
    )
    avatar_url: strawberry.Private[str | None]
    avatar_name: strawberry.Private[str | None]
    roles: list[Role] | None = strawberry.field(
        description="The user's roles; null if the viewer may not read them.", extensions=owner_or(READ, "id")
    )
    created_at: dt.datetime | None = strawberry.field(
        description="When the account was created; null if the viewer may not read it.", extensions=owner_or(READ, "id")
    )
    suspended_at: dt.datetime | None = strawberry.field(
        description="When staff suspended the account, to which nobody can log in until they reinstate it; null if it "
        "is not suspended, or if the viewer may not read it.",
        extensions=owner_or(READ, "id"),
    )
    suspension_reason: str | None = strawberry.field(
        description="Why the account is suspended, as staff wrote it; null if it is not. Requires the scope "
        "`users:read`.",
        extensions=scoped(READ),
    )
    version: int | None = strawberry.field(
        description="Increases by 1 with each change; send it with `profileUpdate` and `userRolesSet`. Null if the "
        "viewer may not read it.",
        extensions=owner_or(READ, "id"),
    )

    @strawberry.field(
        name="avatarUrl",
        description="The URL of the user's picture, which changes when the picture does; null if there is none or the "
        "viewer may not read it. Anybody who has the URL of an uploaded picture sees the picture.",
        extensions=owner_or(READ, "id"),
    )
    def picture_url(self, info: Info) -> str | None:
        return info.context.resource(Avatars).url_of(self.avatar_name) if self.avatar_name else self.avatar_url

    @strawberry.field(
        description="What the viewer's access token opens, such as `orders:read`, sorted; empty for customers. Null if "
        "the viewer is not the user.",
        extensions=signed_in(),
        metadata=rule(owner=True),
    )
    def scopes(self, info: Info) -> list[str] | None:
        viewer = info.context.viewer
        if viewer.id != self.id:
            raise Forbidden("Only the user may read what their token opens.")
        return sorted(viewer.scopes)

    @strawberry.field(
        description="The user's preferences; null if the viewer may not read them.", extensions=owner_or(READ, "id")
    )
    def preferences(self, info: Info) -> Preferences | None:
        return info.context.loader(PreferencesByUser).then(self.id, Preferences.from_optional_row)

    @strawberry.field(
        description="The addresses that the user has saved, oldest first, at most 20; null if the viewer may not read "
        "them.",
        extensions=owner_or(READ, "id"),
    )
    def addresses(self, info: Info) -> list[SavedAddress] | None:
        return info.context.loader(AddressesByUser).then(self.id, SavedAddress.from_rows)

    @strawberry.field(
        description="The user's pets, oldest entry first, at most 20; null if the viewer may not read them.",
        extensions=owner_or(READ, "id"),
    )
    def pets(self, info: Info) -> list[Pet] | None:
        return info.context.loader(PetsByUser).then(self.id, Pet.from_rows)

    @strawberry.field(
        description="The user's sessions, newest first, including recently ended ones; null if the viewer may not "
        "read them. At most 100 are open: a log-in beyond that ends the oldest.",
        extensions=owner_or(READ, "id"),
    )
    @paged
    def sessions(self, info: Info, page: Page) -> SessionConnection | None:
        counter = info.context.loader(SessionCountByUser)
        return info.context.loader(SessionsByUser).connection(self.id, page, Session.from_row, counter)

    @strawberry.field(
        description="Since when the account has a second factor; null if it has none, or the viewer may not read it.",
        extensions=owner_or(READ, "id"),
    )
    def second_factor_since(self, info: Info) -> dt.datetime | None:
        return info.context.loader(TotpByUser).then(self.id, lambda row: row.confirmed_at if row is not None else None)

    @strawberry.field(
        description="Number of recovery codes that are not used, 10 at first; null if the viewer may not read it.",
        extensions=owner_or(READ, "id"),
    )
    def recovery_codes_left(self, info: Info) -> int | None:
        return info.context.loader(RecoveryCodeCountByUser).then(self.id, int)

    @strawberry.field(
        description="The user's passkeys, newest first, at most 20; null if the viewer is not the user.",
        extensions=signed_in(),
        metadata=rule(owner=True),
    )
    @paged
    def passkeys(self, info: Info, page: Page) -> PasskeyConnection | None:
        if info.context.viewer.id != self.id:
            raise Forbidden("Only the user may list their passkeys.")
        counter = info.context.loader(PasskeyCountByUser)
        return info.context.loader(PasskeysByUser).connection(self.id, page, Passkey.from_row, counter)

    @strawberry.field(
        description="The devices that get push messages, last registered first, at most 20; null if the viewer is not "
        "the user.",
        extensions=signed_in(),
        metadata=rule(owner=True),
    )
    def devices(self, info: Info) -> list[Device] | None:
        if info.context.viewer.id != self.id:
            raise Forbidden("Only the user may list their devices.")
        return info.context.loader(DevicesByUser).then(self.id, Device.from_rows)

    @classmethod
    async def resolve_references(cls, info: Info, ids: Sequence[str]) -> "list[User | None]":
        viewer = info.context.viewer
        visible = [key for key in ids if viewer.can_access(key, READ)]
        rows = await info.context.loader(ProfileById).load_many(visible)
        known = dict(zip(visible, rows, strict=True))
        return [cls.from_optional_row(known[key]) if key in known else cls.hidden(key) for key in ids]

    @classmethod
    def hidden(cls, user_id: str) -> "User | None":
        """Stand in for somebody whom the caller may not see; nothing tells whether the account exists."""
        if not is_id("usr", user_id):
            return None
        nothing: dict[str, Any] = dict.fromkeys(mapped_columns(cls))
        return cls(**nothing | {"id": user_id})


@strawberry.type(description="What an app asks when it starts: whether its release still works with the shop.")
class ClientConfig:
    minimum_version: str | None = strawberry.field(
        description="The oldest release of the app that works, such as `1.4.0`; null if none is too old, or if the "
        "app is not known."
    )
    supported: bool = strawberry.field(
        description="Whether the release that asks works. If it does not, ask the user to update the app."
    )


UserConnection = Connection[User]
