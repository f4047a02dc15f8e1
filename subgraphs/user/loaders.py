"""One batch loader per key."""

from sqlalchemy.sql.elements import ColumnElement

from shared.graph.loaders import CountByKey, Listing, RowByKey, SliceByKey
from shared.graph.pagination import Sort
from subgraphs.user.inputs import UserFilter
from subgraphs.user.models import Passkey, RecoveryCode, TotpFactor, UserPreferences, UserProfile, UserSession


class ProfileById(RowByKey[UserProfile]):
    key = UserProfile.id


class PreferencesByUser(RowByKey[UserPreferences]):
    key = UserPreferences.user_id


class SessionsByUser(SliceByKey[UserSession]):
    key = UserSession.user_id
    sort = Sort(UserSession.created_at)


class SessionCountByUser(CountByKey):
    key = UserSession.user_id


class TotpByUser(RowByKey[TotpFactor]):
    key = TotpFactor.user_id
    deferred = frozenset({"sealed_secret"})


class RecoveryCodeCountByUser(CountByKey):
    key = RecoveryCode.user_id


class PasskeysByUser(SliceByKey[Passkey]):
    key = Passkey.user_id
    sort = Sort(Passkey.created_at)
    deferred = ("public_key",)


class PasskeyCountByUser(CountByKey):
    key = Passkey.user_id


def _conditions(wanted: UserFilter | None) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted is not None and wanted.search:
        matching = UserProfile.name.icontains(wanted.search, autoescape=True)
        conditions.append(matching | UserProfile.email.icontains(wanted.search, autoescape=True))
    if wanted is not None and wanted.role is not None:
        conditions.append(UserProfile.roles.contains([wanted.role.value]))
    return conditions


USERS = Listing[UserProfile, UserFilter](Sort(UserProfile.created_at), _conditions)
