"""What is shown of users."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

import strawberry
from strawberry import federation

from shared.core.errors import Forbidden
from shared.core.ids import is_id
from shared.graph.access import owner_or, rule, signed_in
from shared.graph.context import Info
from shared.graph.money import CurrencyCode
from shared.graph.pagination import Connection, Page, paged
from shared.graph.row_types import RowType, mapped_columns
from subgraphs.user import models
from subgraphs.user.enums import PetSize, PetSpecies, Role, Theme
from subgraphs.user.loaders import (
    PasskeyCountByUser,
    PasskeysByUser,
    PreferencesByUser,
    ProfileById,
    RecoveryCodeCountByUser,
    SessionCountByUser,
    SessionsByUser,
    TotpByUser,
)

READ = "users:read"


@strawberry.type(description="A user's preferences, shared by all apps.")
class Preferences(RowType[models.UserPreferences]):
    locale: str = strawberry.field(description="The language of texts, as a language tag such as `en-GB`.")
    currency: CurrencyCode = strawberry.field(description="The currency that prices are shown in.")
    theme: Theme = strawberry.field(description="The colour theme of the apps.")
    marketing_emails: bool = strawberry.field(description="Whether the user gets news and offers by e-mail.")
    order_emails: bool = strawberry.field(description="Whether the user gets an e-mail at each step of an order.")
    pet_species: PetSpecies | None = strawberry.field(description="The species of the default pet; null if not set.")
    pet_breed: str | None = strawberry.field(description="The breed of the default pet; null if not set.")
    pet_size: PetSize | None = strawberry.field(description="The size of the default pet; null if not set.")
    version: int = strawberry.field(description="Increases by 1 with each change; send it with `preferencesUpdate`.")


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
    avatar_url: str | None = strawberry.field(
        description="The URL of the user's picture; null if there is none or the viewer may not read it.",
        extensions=owner_or(READ, "id"),
    )
    roles: list[Role] | None = strawberry.field(
        description="The user's roles; null if the viewer may not read them.", extensions=owner_or(READ, "id")
    )
    created_at: dt.datetime | None = strawberry.field(
        description="When the account was created; null if the viewer may not read it.", extensions=owner_or(READ, "id")
    )
    version: int | None = strawberry.field(
        description="Increases by 1 with each change; send it with `profileUpdate` and `userRolesSet`. Null if the "
        "viewer may not read it.",
        extensions=owner_or(READ, "id"),
    )

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


UserConnection = Connection[User]
