"""One batch loader per key."""

from sqlalchemy.sql.elements import ColumnElement

from shared.database.text_search import with_words
from shared.graph.loaders import CountByKey, Listing, RowByKey, RowsByKey, SliceByKey
from shared.graph.pagination import Sort
from subgraphs.user.enums import UserSort
from subgraphs.user.inputs import UserFilter
from subgraphs.user.models import (
    Address,
    Device,
    Passkey,
    Pet,
    RecoveryCode,
    TotpFactor,
    UserPreferences,
    UserProfile,
    UserSession,
)


class ProfileById(RowByKey[UserProfile]):
    key = UserProfile.id


class PreferencesByUser(RowByKey[UserPreferences]):
    key = UserPreferences.user_id


class AddressesByUser(RowsByKey[Address]):
    key = Address.user_id
    order = Address.id


class PetsByUser(RowsByKey[Pet]):
    key = Pet.user_id
    order = Pet.id


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


class DevicesByUser(RowsByKey[Device]):
    key = Device.user_id
    order = Device.registered_at
    descending = True
    deferred = ("push_token", "token_digest")


class PasskeysByUser(SliceByKey[Passkey]):
    key = Passkey.user_id
    sort = Sort(Passkey.created_at)
    deferred = ("public_key",)


class PasskeyCountByUser(CountByKey):
    key = Passkey.user_id


def _conditions(wanted: UserFilter | None) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted is not None and wanted.search:
        conditions.append(with_words(UserProfile.id, wanted.search, UserProfile.name, UserProfile.email))
    if wanted is not None and wanted.role is not None:
        conditions.append(UserProfile.roles.contains([wanted.role.value]))
    if wanted is not None and wanted.created_from is not None:
        conditions.append(UserProfile.created_at >= wanted.created_from)
    if wanted is not None and wanted.created_before is not None:
        conditions.append(UserProfile.created_at < wanted.created_before)
    if wanted is not None and wanted.suspended is not None:
        at = UserProfile.suspended_at
        conditions.append(at.is_not(None) if wanted.suspended else at.is_(None))
    return conditions


USER_SORTS = {
    UserSort.NEWEST: Sort(UserProfile.created_at),
    UserSort.OLDEST: Sort(UserProfile.created_at, descending=False),
}
USERS = Listing[UserProfile, UserFilter](USER_SORTS[UserSort.NEWEST], _conditions)
