"""The demo accounts, whose password is published: production refuses to start while one opens, and closes them."""

from collections.abc import Sequence

from pwdlib import PasswordHash
from pwdlib.exceptions import PwdlibError
from pwdlib.hashers.argon2 import Argon2Hasher

from petplus.bulk_copy import credentials_of
from petplus.local.process import ServiceError
from shared.core.settings import Settings
from shared.database.database import Database
from subgraphs.user.demo import DEMO_ACCOUNTS, DEMO_PASSWORD

_EMAILS = tuple(account.email for account in DEMO_ACCOUNTS)


async def require_closed(settings: Settings) -> None:
    """Raise ServiceError where production has a demo account that the published password opens."""
    opened = await _opened(settings) if settings.is_production else ()
    if opened:
        raise ServiceError(
            f"PETPLUS_ENV is production, and the published password opens {', '.join(opened.values())}: "
            "run `petplus demo close`, or set PETPLUS_DATABASE_URL to another database."
        )


async def close(settings: Settings) -> Sequence[str]:
    """End the sessions of the demo accounts that the published password opens, and take the password from them.

    Returns their addresses. A new password is set by `passwordResetRequest`, as long as somebody gets its mail.
    """
    # A command of its own needs no more of the subgraph than this.
    from redis.asyncio import Redis
    from sqlalchemy import delete

    from shared.security.revocation import RevocationList
    from subgraphs.user.enums import SessionEnd
    from subgraphs.user.models import UserCredential
    from subgraphs.user.service.revocation import end_sessions

    opened = await _opened(settings)
    ends: dict[str, float] = {}
    database = Database.connect(settings, "user")
    try:
        async with database.write() as session:
            for user_id in opened:
                await session.execute(delete(UserCredential).where(UserCredential.user_id == user_id))
                ends |= await end_sessions(session, user_id, SessionEnd.REVOKED)
    finally:
        await database.close()
    if ends:
        async with Redis.from_url(settings.required_cache_redis_url) as redis:
            await RevocationList(redis).publish(ends)
    return tuple(opened.values())


async def _opened(settings: Settings) -> dict[str, str]:
    """Return the addresses of the accounts, by their ids."""
    hasher = PasswordHash((Argon2Hasher(),))
    found = await credentials_of(settings, _EMAILS)
    return {each.user_id: each.email for each in found if _opens(hasher, each.password_hash)}


def _opens(hasher: PasswordHash, stored: str) -> bool:
    try:
        return hasher.verify(DEMO_PASSWORD, stored)
    except PwdlibError:  # another kind of hash, which seeding does not make
        return False
