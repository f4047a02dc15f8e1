"""What this room does in the background."""

from typing import Any

from shared.jobs.jobs import Jobs
from shared.runtime import Runtime
from subgraphs.user.service.job_types import KEY_ROTATION, USER_MAIL, USER_SYNC, Letter
from subgraphs.user.service.key_rotation import tend_keys
from subgraphs.user.service.mails import Postman
from subgraphs.user.service.retention import remove_what_is_over


async def mail_user(runtime: Runtime, payload: dict[str, Any]) -> None:
    """Write one letter and send it."""
    await runtime.resource(Postman).deliver(Letter(payload["letter"]), payload["id"])


async def sync_users(runtime: Runtime, _payload: dict[str, Any]) -> None:
    """Remove what is over."""
    await remove_what_is_over(runtime.database)


async def rotate_keys(runtime: Runtime, _payload: dict[str, Any]) -> None:
    """Announce a new signing key and retire old ones when their time has come."""
    await tend_keys(runtime.database, runtime.settings)


JOBS: Jobs = {USER_MAIL: mail_user, USER_SYNC: sync_users, KEY_ROTATION: rotate_keys}
