"""Mails customers each change that they want mails about: one mail for each order, version and recipient."""

import datetime as dt
import hashlib
from collections.abc import Mapping
from email.message import EmailMessage
from typing import NamedTuple

from sqlalchemy import bindparam, func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from shared.database.database import Database
from shared.database.rows import many, one_or_none
from shared.graph.money import CurrencyCode, Money
from shared.mail import Mailer, MailSettings, MailTemplates, make_mailer
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
    OrderStatus.READY_FOR_PICKUP: "Your order is ready for pickup",
    OrderStatus.DELIVERED: "Your order has arrived",
    OrderStatus.ON_HOLD: "Your order waits for an answer",
    OrderStatus.CANCELLED: "Your order is cancelled",
    OrderStatus.REFUNDED: "Your money is on its way back",
    OrderStatus.RETURNED: "A parcel of your order came back to us",
}
_TEMPLATES = MailTemplates("subgraphs.order")

_mail = func.concat_ws(".", Order.id, OrderTimeline.version, Order.contact_email)
_LOCKED = (
    select(
        Order.__table__,
        OrderTimeline.version.label("at_version"),
        OrderTimeline.status.label("reached"),
        OrderTimeline.reason,
        OrderTimeline.at,
        wants_mails(Order.customer_id).label("wanted"),
        _mail.label("mail"),
        func.pg_advisory_xact_lock(func.hashtextextended(_mail, 0)),
    )
    .join_from(Order.__table__, OrderTimeline.__table__, OrderTimeline.order_id == Order.id)
    .where(Order.id == bindparam("order"), OrderTimeline.version == bindparam("version"))
    .where(Order.contact_email.is_not(None))
)
"""A change with its order, and the lock under which it is mailed: all in one round trip."""
_SENT = select(OrderMail.__table__).where(
    *(column == bindparam(column.key) for column in OrderMail.__table__.primary_key)
)
_LINES = select(OrderLine.__table__).order_by(OrderLine.position)
_PARCELS = select(Shipment.__table__).order_by(Shipment.id)


class _Change(NamedTuple):
    """What `_LOCKED` returns that a mail shows, or depends on."""

    id: str
    number: str
    recipient: str | None
    total_minor: int
    currency: CurrencyCode
    contact_email: str
    at_version: int
    reached: OrderStatus
    reason: str | None
    at: dt.datetime
    wanted: bool
    mail: str


class Notifier:
    """Writes and sends the mails."""

    def __init__(self, database: Database, mailer: Mailer, sender: str) -> None:
        self._database = database
        self._mailer = mailer
        self._sender = sender

    @classmethod
    def from_runtime(cls, runtime: Runtime) -> "Notifier":
        """Make the notifier that the settings ask for; raises SettingsError."""
        given = MailSettings.load()
        return cls(runtime.database, make_mailer(runtime.settings, given), given.mail_from)

    async def notify(self, order_id: str, version: int) -> None:
        """Mail one change, unless it was mailed, nobody wants it, or there is no address (any more).

        The lock keeps a second run from sending beside the first. Until the mail has left the transaction only reads,
        so it blocks no writer. A process that dies between the mail and the commit leaves a second mail to be sent,
        with the same Message-ID, by which mail servers tell a repeat.
        """
        async with self._database.write() as session:
            change = await one_or_none(session, _Change, _LOCKED, {"order": order_id, "version": version})
            if change is None or not change.wanted:
                return
            mail = {"order_id": order_id, "version": version, "recipient": change.contact_email}
            if (await session.execute(_SENT, mail)).one_or_none() is None:
                await self._mailer.send(await self._message(session, change))
                await session.execute(insert(OrderMail).values(mail))

    async def _message(self, session: AsyncSession, order: _Change) -> EmailMessage:
        lines = _LINES.where(OrderLine.order_id == order.id)
        parcels = _PARCELS.where(Shipment.order_id == order.id)
        about = {
            "headline": HEADLINES[order.reached],
            "number": order.number,
            "recipient": order.recipient,
            "reason": order.reason,
            "lines": [(line.quantity, line.title, _price(line)) for line in await many(session, OrderLine, lines)],
            "total": _price(order),
            "parcels": [
                (it.carrier, it.tracking_number, it.tracking_url) for it in await many(session, Shipment, parcels)
            ],
        }
        digest = hashlib.sha256(order.mail.encode()).hexdigest()[:16]
        return await _TEMPLATES.write(
            "status",
            about,
            sender=self._sender,
            to=order.contact_email,
            subject=f"{about['headline']}: {order.number}",
            name=f"{order.number.lower()}-{order.at_version}-{digest}",
            at=order.at,
        )


def _price(row: OrderLine | _Change) -> str:
    money = Money.of(row.total_minor, row.currency)
    return f"{money.amount} {money.currency_code.value}"
