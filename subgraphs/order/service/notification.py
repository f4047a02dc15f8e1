"""Tells customers by mail of each change that they want to hear of: one mail for each order, version and recipient."""

import hashlib
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from email.message import EmailMessage
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from shared.database import Database
from shared.mail import Mailer, Stationery, load_mail_settings, make_mailer
from shared.money import Money
from shared.runtime import Runtime
from subgraphs.order.enums import OrderStatus
from subgraphs.order.models import Order, OrderLine, OrderMail, OrderTimeline, Shipment
from subgraphs.order.service.preferences import wants_mails

HEADLINES: Mapping[OrderStatus, str] = {
    OrderStatus.PENDING: "We have your order",
    OrderStatus.PAID: "Your payment has arrived",
    OrderStatus.IN_PRODUCTION: "We are making your order",
    OrderStatus.PARTIALLY_SHIPPED: "Part of your order is on its way",
    OrderStatus.SHIPPED: "Your order is on its way",
    OrderStatus.OUT_FOR_DELIVERY: "Your order arrives today",
    OrderStatus.DELIVERED: "Your order has arrived",
    OrderStatus.ON_HOLD: "Your order waits for an answer",
    OrderStatus.CANCELLED: "Your order is cancelled",
    OrderStatus.REFUNDED: "Your money is on its way back",
    OrderStatus.RETURNED: "Your parcel came back to us",
}
_STATIONERY = Stationery("subgraphs.order")


class Notifier:
    """Writes and sends the mails."""

    def __init__(self, database: Database, mailer: Mailer, sender: str) -> None:
        self._database = database
        self._mailer = mailer
        self._sender = sender

    @classmethod
    @asynccontextmanager
    async def open(cls, runtime: Runtime) -> AsyncIterator["Notifier"]:
        """Make the notifier that the settings ask for; raises SettingsError."""
        given = load_mail_settings()
        yield cls(runtime.database, make_mailer(runtime.settings, given), given.mail_from)

    async def notify(self, order_id: str, version: int) -> None:
        """Mail one change, unless it was mailed, nobody wants it, or there is no address (any more).

        The lock keeps a second run from sending beside the first. Until the mail has left the transaction only reads,
        so it holds nobody up. Whoever dies between the mail and the commit leaves a second mail to be sent, with the
        same Message-ID, by which mail servers tell a repeat.
        """
        async with self._database.write() as session:
            order = (await session.execute(select(Order.__table__).where(Order.id == order_id))).one_or_none()
            if order is None or order.contact_email is None:
                return
            if not await wants_mails(await session.connection(), order.customer_id):
                return
            mail = {"order_id": order_id, "version": version, "recipient": order.contact_email}
            name = ".".join(map(str, mail.values()))
            await session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(name, 0))))
            same = [OrderMail.__table__.c[column] == value for column, value in mail.items()]
            if await session.scalar(select(OrderMail.version).where(*same)) is not None:
                return
            message = await self._message(session, order, version, name)
            if message is not None:
                await self._mailer.send(message)
                await session.execute(insert(OrderMail).values(mail))

    async def _message(self, session: AsyncSession, order: Any, version: int, name: str) -> EmailMessage | None:
        of_order = (OrderTimeline.order_id == order.id, OrderTimeline.version == version)
        entry = (await session.execute(select(OrderTimeline.__table__).where(*of_order))).one_or_none()
        if entry is None:
            return None
        lines = select(OrderLine.__table__).where(OrderLine.order_id == order.id).order_by(OrderLine.position)
        parcels = select(Shipment.__table__).where(Shipment.order_id == order.id).order_by(Shipment.id)
        about = {
            "headline": HEADLINES[entry.status],
            "number": order.number,
            "recipient": order.recipient,
            "reason": entry.reason,
            "lines": [(line.quantity, line.title, _price(line)) for line in await session.execute(lines)],
            "total": _price(order),
            "parcels": [(it.carrier, it.tracking_number, it.tracking_url) for it in await session.execute(parcels)],
        }
        digest = hashlib.sha256(name.encode()).hexdigest()[:16]
        return _STATIONERY.write(
            "status",
            about,
            sender=self._sender,
            to=order.contact_email,
            subject=f"{about['headline']}: {order.number}",
            name=f"{order.number.lower()}-{version}-{digest}",
            at=entry.at,
        )


def _price(row: Any) -> str:
    money = Money.of(row.total_minor, row.currency)
    return f"{money.amount} {money.currency_code.value}"
