"""Who events and assignments are about: visitors by ids of their clients, or users, whom only they themselves name."""

import datetime as dt
import hashlib
import re
import uuid
from collections.abc import Collection

from sqlalchemy import Uuid, bindparam, func, select, text
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.ext.asyncio import AsyncSession

from shared.core.validation import Checks
from subgraphs.analytics.models import ForgottenSubject

LONGEST_SUBJECT = 100
ERASED = "gone"
"""The prefix of the names that stand for users who were erased. Nobody else may claim one."""
_USER_PREFIX = "usr_"
_NO_ID = "This stands for a missing id; generate an id for each visitor, such as a UUID."
# What clients send where they have no id: a variable without a value, an object, or a number that counts nobody. All
# who send it would be one person.
_PLACEHOLDER = re.compile(
    r"undefined|null|nil|none|nan|-?infinity|true|false|anonymous|guest|unknown|n/a|\[object \w+\]|[\[\]{}()]*"
    r"|[-+]?[0.]+|-1|0{8}-0{4}-0{4}-0{4}-0{12}|\$?\{+[^{}]*\}+|%s",
    re.ASCII | re.IGNORECASE,
)
# Who writes about a user, and who forgets them, must not overlap: neither would see what the other does.
_KEEP = text(
    "SELECT pg_advisory_xact_lock_shared(hashtextextended(subject, 0))"
    " FROM (SELECT subject FROM unnest(CAST(:subjects AS text[])) AS subject ORDER BY subject) AS known"
)
_FORGET = text("SELECT pg_advisory_xact_lock(hashtextextended(:subject, 0))")


def read_subject(checks: Checks, given: object, viewer_id: str | None) -> str:
    """Check the subject that a caller named; the caller's own id stands for one that was left out."""
    if given is None:
        if viewer_id is None:
            checks.refuse("subject", "REQUIRED", "Send a `subject`, or log in.")
        return viewer_id or ""
    if not isinstance(given, str):
        checks.refuse("subject", "INVALID_TYPE", "This must be a string.")
        return ""
    subject = checks.text("subject", given, longest=LONGEST_SUBJECT)
    if is_placeholder(subject):
        checks.refuse("subject", "PLACEHOLDER", _NO_ID)
    elif is_erased(subject):
        checks.refuse("subject", "RESERVED", f"`subject` must not begin with `{ERASED}_`.")
    return subject


def read_visitor(checks: Checks, given: str | None, subject: str) -> str | None:
    """Check who a user says they were before they logged in; None for nobody."""
    if given is None:
        return None
    visitor = checks.text("visitor", given, longest=LONGEST_SUBJECT)
    if is_placeholder(visitor):
        checks.refuse("visitor", "PLACEHOLDER", _NO_ID)
    elif not is_users(subject) or is_registered(visitor):
        checks.refuse(
            "visitor",
            "NOT_A_VISITOR",
            "`visitor` must be the id of an anonymous visitor, and `subject` the id of a user.",
        )
    return visitor


def visitor_in(given: str | None) -> str | None:
    """Return the visitor whom a cart names; None for a text that cannot be one's id."""
    if given is None:
        return None
    checks = Checks()
    visitor = checks.text("visitor", given, longest=LONGEST_SUBJECT)
    return visitor if checks.are_met and not is_registered(visitor) and not is_placeholder(visitor) else None


def is_placeholder(subject: str) -> bool:
    """Tell whether a text stands for an id that a client does not have, such as `undefined` or `[object Object]`."""
    return subject != "" and _PLACEHOLDER.fullmatch(subject) is not None


def is_users(subject: str) -> bool:
    """Tell whether a subject claims to be a user, and so needs proof."""
    return subject.startswith(_USER_PREFIX)


def is_erased(subject: str) -> bool:
    """Tell whether a subject is a user who was erased, or claims to be."""
    return subject.startswith(f"{ERASED}_")


def is_registered(subject: str) -> bool:
    """Tell whether a subject has an account, or had one."""
    return is_users(subject) or is_erased(subject)


REGISTERED_SQL = f"({{subject}} ~ '^({_USER_PREFIX}|{ERASED}_)')"
"""`is_registered`, as a condition on an expression `subject`."""


def digest(namespace: str, text: str) -> uuid.UUID:
    """Return 128 bits of BLAKE2b (RFC 7693) that stand for a text of any length."""
    hashed = hashlib.blake2b(text.encode(), digest_size=16, person=namespace.encode())
    return uuid.UUID(bytes=hashed.digest())


async def unless_forgotten(session: AsyncSession, subject: str | None) -> str | None:
    """Return the subject, or None for a user who was erased: what arrives late must not bring them back."""
    if subject is None or not is_users(subject):
        return subject
    return None if await forgotten_among(session, [subject]) else subject


async def forgotten_among(session: AsyncSession, subjects: Collection[str]) -> set[str]:
    """Return those subjects that are users who were erased; none of the others is, before this transaction ends."""
    # A statement of its own: what it waited for, the next one sees.
    await session.execute(_KEEP, {"subjects": list(subjects)})
    by_digest = {digest("subject", subject): subject for subject in subjects}
    wanted = bindparam(None, list(by_digest), type_=ARRAY(Uuid))
    known = select(ForgottenSubject.digest).where(ForgottenSubject.digest == func.any(wanted))
    return {by_digest[found] for found in await session.scalars(known)}


async def remember_as_forgotten(session: AsyncSession, subject: str) -> None:
    """Note that a user was erased, after all transactions that still know them; the note holds no id."""
    await session.execute(_FORGET, {"subject": subject})
    row = {"digest": digest("subject", subject), "forgotten_at": dt.datetime.now(dt.UTC)}
    await session.execute(insert(ForgottenSubject).values(row).on_conflict_do_nothing())
