"""The copy of a person's data that this subgraph holds: for the person alone, as JSON."""

import base64
import datetime as dt
import enum

import orjson
from sqlalchemy import select

from shared.database.database import Database
from shared.database.rows import AnyRow, as_row
from shared.events.outbox import record
from subgraphs.user.errors import unknown_account
from subgraphs.user.events import AccountExported
from subgraphs.user.models import (
    Address,
    Avatar,
    Device,
    LogInChallenge,
    Passkey,
    Pet,
    RecoveryCode,
    SentPush,
    TotpFactor,
    UserCredential,
    UserPreferences,
    UserProfile,
    UserSession,
)

# Secrets and what only serves to recognise one are no use to the person, and of use to a thief.
WITHHELD = frozenset({"password_hash", "refresh_hash", "refresh_number", "address_digest", "user_id", "version"})
WITHHELD |= {
    "sealed_secret",
    "push_token",
    "token_digest",
    "code_hash",
    "last_step",
    "factor_id",
    "credential_id",
    "public_key",
    "sign_count",
}
_LISTS = (
    "addresses",
    "pets",
    "devices",
    "pushes",
    "sessions",
    "secondFactors",
    "recoveryCodes",
    "openLogIns",
    "passkeys",
)


async def export_account(database: Database, user_id: str) -> tuple[UserProfile, str]:
    """Return the profile row of a user, and all that this subgraph holds of them as a JSON document."""
    of_user = {
        "profile": select(UserProfile.__table__).where(UserProfile.id == user_id),
        "preferences": select(UserPreferences.__table__).where(UserPreferences.user_id == user_id),
        "avatar": select(Avatar.__table__).where(Avatar.user_id == user_id),
        "addresses": select(Address.__table__).where(Address.user_id == user_id).order_by(Address.id),
        "pets": select(Pet.__table__).where(Pet.user_id == user_id).order_by(Pet.id),
        "devices": select(Device.__table__).where(Device.user_id == user_id).order_by(Device.id),
        "pushes": select(SentPush.__table__)
        .join(Device, Device.id == SentPush.device_id)
        .where(Device.user_id == user_id)
        .order_by(SentPush.sent_at),
        "credentials": select(UserCredential.__table__).where(UserCredential.user_id == user_id),
        "sessions": select(UserSession.__table__).where(UserSession.user_id == user_id).order_by(UserSession.id),
        "passkeys": select(Passkey.__table__).where(Passkey.user_id == user_id).order_by(Passkey.id),
    }
    of_user |= {
        "secondFactors": select(TotpFactor.__table__).where(TotpFactor.user_id == user_id),
        "recoveryCodes": select(RecoveryCode.__table__).where(RecoveryCode.user_id == user_id),
        "openLogIns": select(LogInChallenge.__table__).where(LogInChallenge.user_id == user_id),
    }
    async with database.write() as session:
        rows = {name: (await session.execute(statement)).all() for name, statement in of_user.items()}
        if not rows["profile"]:
            raise unknown_account()
        await record(session, AccountExported(user_id=user_id))
    shown = {name: [_shown(row) for row in found] for name, found in rows.items()}
    document = {
        "exportedAt": dt.datetime.now(dt.UTC),
        "profile": shown["profile"][0],
        "preferences": next(iter(shown["preferences"]), None),
        "avatar": next(iter(shown["avatar"]), None),
        "passwordChangedAt": next((row["changed_at"] for row in shown["credentials"]), None),
        **{name: shown[name] for name in _LISTS},
    }
    return as_row(UserProfile, rows["profile"][0]), orjson.dumps(
        document, option=orjson.OPT_INDENT_2 | orjson.OPT_UTC_Z
    ).decode()


def _shown(row: AnyRow) -> dict[str, object]:
    return {name: _as_json(value) for name, value in row._mapping.items() if name not in WITHHELD}


def _as_json(value: object) -> object:
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return value.value if isinstance(value, enum.Enum) else value
