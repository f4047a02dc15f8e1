"""Deletes accounts: all personal data here at once, and by event in every other room."""

from sqlalchemy import delete, select

from shared.database import Database
from shared.errors import NotFound
from shared.outbox import record
from shared.personal import PersonalDigests
from subgraphs.user.errors import WrongPassword
from subgraphs.user.events import UserDeleted
from subgraphs.user.models import UserCredential, UserProfile
from subgraphs.user.service.passwords import LONGEST_PASSWORD, Passwords


async def delete_account(
    database: Database, passwords: Passwords, people: PersonalDigests, user_id: str, password: str
) -> None:
    """Erase an account with its credentials, preferences and sessions; raises WrongPassword or NotFound."""
    known = select(UserCredential.password_hash).where(UserCredential.user_id == user_id)
    async with database.read() as connection:
        stored = await connection.scalar(known)
    if stored is None:
        raise _unknown()
    if not await passwords.verify(password[: LONGEST_PASSWORD + 1], stored):
        raise WrongPassword
    async with database.write() as session:
        erased = delete(UserProfile).where(UserProfile.id == user_id).returning(UserProfile.email)
        email = await session.scalar(erased)
        if email is None:
            raise _unknown()
        await record(session, UserDeleted(user_id=user_id, email_digest=people.of_email(email)))


def _unknown() -> NotFound:
    return NotFound("This account does not exist any more.")
