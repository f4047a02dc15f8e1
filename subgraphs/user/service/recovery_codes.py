"""Recovery codes: each stands in for a second factor once, for people who have lost it.

A code is random (99 bits), so a plain digest of it is enough. No key of the installation is in it, so codes outlast a
change of PETPLUS_SECRET_KEY.
"""

import hashlib
import secrets

from sqlalchemy import delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from subgraphs.user.models import RecoveryCode

COUNT = 10
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without those that look alike."""
_GROUPS, _GROUP = 4, 5


async def replace_codes(session: AsyncSession, user_id: str) -> list[str]:
    """Give a locked account new recovery codes, and return them; those before are good for nothing."""
    await drop_codes(session, user_id)
    codes = ["".join(secrets.choice(_ALPHABET) for _ in range(_GROUPS * _GROUP)) for _ in range(COUNT)]
    await session.execute(
        insert(RecoveryCode), [{"code_hash": _digest(user_id, code), "user_id": user_id} for code in codes]
    )
    return ["-".join(code[start : start + _GROUP] for start in range(0, len(code), _GROUP)) for code in codes]


async def drop_codes(session: AsyncSession, user_id: str) -> None:
    """Take all recovery codes from an account."""
    await session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))


async def use_code(session: AsyncSession, user_id: str, text: str) -> int | None:
    """Use a recovery code of an account up; returns how many are left, or None where it is none of them."""
    code = "".join(character for character in text.lower() if character.isalnum())
    this = (RecoveryCode.code_hash == _digest(user_id, code), RecoveryCode.user_id == user_id)
    used = delete(RecoveryCode).where(*this).returning(RecoveryCode.code_hash)
    if await session.scalar(used) is None:
        return None
    return int(await session.scalar(select(func.count()).where(RecoveryCode.user_id == user_id)) or 0)


def _digest(user_id: str, code: str) -> str:
    return hashlib.sha256(f"{user_id} {code}".encode(errors="replace")).hexdigest()
