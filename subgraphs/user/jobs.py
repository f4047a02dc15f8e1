"""What this subgraph does in the background."""

from shared.jobs.jobs import Jobs, NoPayload
from shared.runtime import Runtime
from subgraphs.user.service.job_types import (
    KEY_ROTATION,
    ORDER_PUSH,
    USER_MAIL,
    USER_SYNC,
    MailKind,
    MailPayload,
    PushPayload,
)
from subgraphs.user.service.key_rotation import tend_keys
from subgraphs.user.service.mails import MailSender
from subgraphs.user.service.order_pushes import OrderPushes
from subgraphs.user.service.retention import remove_expired


async def mail_user(runtime: Runtime, payload: MailPayload) -> None:
    """Write one mail and send it."""
    # `letter` is what jobs were queued with before `kind`; removed after the next release.
    kind = MailKind(payload.get("kind") or payload["letter"])
    await runtime.resource(MailSender).deliver(kind, payload["id"], payload.get("at"))


async def sync_users(runtime: Runtime, _payload: NoPayload) -> None:
    """Remove what has expired."""
    await remove_expired(runtime.database)


async def rotate_keys(runtime: Runtime, _payload: NoPayload) -> None:
    """Announce a new signing key and retire old ones when their time has come."""
    await tend_keys(runtime.database, runtime.settings)


async def push_order(runtime: Runtime, payload: PushPayload) -> None:
    """Send a change of an order's status to a device."""
    await runtime.resource(OrderPushes).send(payload)


JOBS: Jobs = dict(
    [USER_MAIL.does(mail_user), ORDER_PUSH.does(push_order), USER_SYNC.does(sync_users), KEY_ROTATION.does(rotate_keys)]
)
