"""Sends each change of an order's status to its customer's devices: one message for each change and device.

As of mails, only news is sent: a change that is fresh, and newer than what the device was sent before of the order.
"""

import datetime as dt
from typing import NamedTuple

from prometheus_client import Counter
from sqlalchemy import bindparam, delete, exists, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from shared.core.observability import log
from shared.database.database import Database
from shared.database.rows import one_or_none
from shared.graph.languages import language_of
from shared.runtime import Runtime
from subgraphs.user.enums import DevicePlatform
from subgraphs.user.models import Device, SentPush, UserPreferences, UserSession
from subgraphs.user.service.job_types import ORDER_PUSH, PushPayload
from subgraphs.user.service.mail_languages import TEXTS
from subgraphs.user.service.push_provider import PushMessage, PushProvider, TokenRefused, make_provider

FRESH = dt.timedelta(hours=12)
"""How old a change may be that is still sent."""
PUSHES = Counter("petplus_pushes_total", "Push messages by what became of them: `sent`, or why not.", ["outcome"])


class _Addressee(NamedTuple):
    """What `_FOUND` returns: the device, and what keeps the change from it."""

    platform: DevicePlatform
    push_token: str
    locale: str
    wanted: bool
    is_followed: bool


_FOUND = (
    select(
        Device.platform,
        Device.push_token,
        UserPreferences.locale,
        UserPreferences.order_pushes.label("wanted"),
        exists()
        .where(
            SentPush.device_id == Device.id,
            SentPush.order_id == bindparam("order_id"),
            SentPush.version > bindparam("version"),
        )
        .label("is_followed"),
    )
    .join(UserPreferences, UserPreferences.user_id == Device.user_id)
    .join(UserSession, UserSession.id == Device.session_id)
    .where(Device.id == bindparam("device_id"), UserSession.expires_at > func.now())
    # It is there until the note that refers to it is written.
    .with_for_update(of=Device, read=True, key_share=True)
)


async def announce(
    session: AsyncSession, customer_id: str, order_id: str, version: int, status: str, at: dt.datetime
) -> None:
    """Have a change sent to all devices of a customer."""
    devices = await session.scalars(select(Device.id).where(Device.user_id == customer_id).order_by(Device.id))
    payloads: list[PushPayload] = [
        {"device_id": key, "order_id": order_id, "version": version, "status": status, "at": at.isoformat()}
        for key in devices
    ]
    if payloads:
        await ORDER_PUSH.enqueue_all(session, payloads)


class OrderPushes:
    """Sends the messages of one running subgraph."""

    def __init__(self, database: Database, provider: PushProvider | None) -> None:
        self._database = database
        self._provider = provider

    @classmethod
    def from_runtime(cls, runtime: Runtime) -> "OrderPushes":
        """Make them with the provider that the settings select; raises SettingsError."""
        return cls(runtime.database, make_provider(runtime.settings))

    async def send(self, change: PushPayload) -> None:
        """Send a change to a device, unless it was sent, nobody wants it, or it is no news (any more).

        The note that it was sent is written first: who sends the same at the same time waits for it, and finds it. A
        process that dies between the message and the commit leaves a second one to be sent, with the same key.
        """
        about = {"device_id": change["device_id"], "order_id": change["order_id"], "version": change["version"]}
        async with self._database.write() as session:
            addressee = await one_or_none(session, _Addressee, _FOUND, about)
            if addressee is None:
                return
            why = _why_not(addressee, change, can_send=self._provider is not None)
            if why is None and self._provider is not None:
                note = insert(SentPush).values(about).on_conflict_do_nothing().returning(SentPush.device_id)
                if await session.scalar(note) is None:
                    return
                why = await _deliver(session, self._provider, addressee, change)
        PUSHES.labels(why or "sent").inc()
        if why is not None:
            log.info("push dropped", reason=why, order_id=change["order_id"], version=change["version"])


async def _deliver(
    session: AsyncSession, provider: PushProvider, addressee: _Addressee, change: PushPayload
) -> str | None:
    device_id, order_id, version = change["device_id"], change["order_id"], change["version"]
    message = PushMessage(
        key=f"{order_id}.{version}.{device_id}",
        platform=addressee.platform,
        token=addressee.push_token,
        title=TEXTS[language_of(addressee.locale)].push_title(change["status"]),
        data={"orderId": order_id, "status": change["status"], "version": str(version)},
    )
    try:
        await provider.send(message)
    except TokenRefused:
        await session.execute(delete(Device).where(Device.id == device_id))
        return "refused"
    return None


def _why_not(addressee: _Addressee, change: PushPayload, *, can_send: bool) -> str | None:
    """Return in a word why a change is not sent; None where it is."""
    if not can_send:
        return "no_provider"
    if not addressee.wanted:
        return "unwanted"
    if addressee.is_followed:
        return "superseded"
    age = dt.datetime.now(dt.UTC) - dt.datetime.fromisoformat(change["at"])
    return "stale" if age > FRESH else None
