"""The kinds of background work of this subgraph; what they do stands in `jobs.py`."""

import enum

from shared.jobs.jobs import Job

USER_MAIL = Job("user-mail", attempts=12)
"""Payload: `kind` (a `MailKind`), `id`. Writes one mail and sends it; the queue holds no token and no address."""
USER_SYNC = Job("user-sync", cron="*/5 * * * *")
"""Removes sessions, registrations, proofs and revocations that are over."""
KEY_ROTATION = Job("key-rotation", cron="23 * * * *")
"""Rotates and retires signing keys when their time has come."""


class MailKind(enum.Enum):
    """What is mailed, and by which row it is known what to write."""

    REGISTRATION = "REGISTRATION"
    PASSWORD_RESET = "PASSWORD_RESET"  # noqa: S105
    EMAIL_CHANGE = "EMAIL_CHANGE"
    EMAIL_CHANGED = "EMAIL_CHANGED"
    PASSWORD_CHANGED = "PASSWORD_CHANGED"  # noqa: S105
