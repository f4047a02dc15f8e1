"""The kinds of background work of this subgraph; what they do stands in `jobs.py`."""

import datetime as dt
import enum
from typing import NotRequired, TypedDict

from sqlalchemy.ext.asyncio import AsyncSession

from shared.jobs.jobs import Job, NoPayload


class MailPayload(TypedDict):
    """A `MailKind`, and the id of the row by which it is known what to write."""

    kind: str
    id: str
    # When it happened, where no row tells (ISO 8601).
    at: NotRequired[str]
    # What `kind` was called before; removed after the next release.
    letter: NotRequired[str]


class PushPayload(TypedDict):
    """Names a device, and a change of an order's status."""

    device_id: str
    order_id: str
    version: int
    status: str
    # When it happened (ISO 8601).
    at: str


USER_MAIL = Job[MailPayload]("user-mail", attempts=12)
"""Writes one mail and sends it; the queue holds no token and no address."""
ORDER_PUSH = Job[PushPayload]("order-push", attempts=12)
"""Sends a change of an order's status to one device; the queue holds no token."""
USER_SYNC = Job[NoPayload]("user-sync", cron="*/5 * * * *")
"""Removes sessions, registrations, proofs, challenges and revocations that have expired."""
KEY_ROTATION = Job[NoPayload]("key-rotation", cron="23 * * * *")
"""Rotates and retires signing keys when their time has come."""


class MailKind(enum.Enum):
    """What is mailed, and by which row it is known what to write."""

    REGISTRATION = "REGISTRATION"
    PASSWORD_RESET = "PASSWORD_RESET"  # noqa: S105
    EMAIL_CHANGE = "EMAIL_CHANGE"
    EMAIL_CHANGE_REQUESTED = "EMAIL_CHANGE_REQUESTED"
    EMAIL_CHANGED = "EMAIL_CHANGED"
    PASSWORD_CHANGED = "PASSWORD_CHANGED"  # noqa: S105
    SECOND_FACTOR_ADDED = "SECOND_FACTOR_ADDED"
    SECOND_FACTOR_REMOVED = "SECOND_FACTOR_REMOVED"
    RECOVERY_CODE_USED = "RECOVERY_CODE_USED"
    RECOVERY_CODES_REPLACED = "RECOVERY_CODES_REPLACED"
    PASSKEY_ADDED = "PASSKEY_ADDED"
    PASSKEY_REMOVED = "PASSKEY_REMOVED"
    ACCOUNT_SUSPENDED = "ACCOUNT_SUSPENDED"
    ACCOUNT_REINSTATED = "ACCOUNT_REINSTATED"


async def mail_account(session: AsyncSession, kind: MailKind, user_id: str) -> None:
    """Have the owner of an account mailed what has just happened to it."""
    at = dt.datetime.now(dt.UTC).isoformat()
    await USER_MAIL.enqueue(session, {"kind": kind.value, "id": user_id, "at": at})
