"""Mails customers each change that they want mails about: one mail for each order, version and recipient.

Only news is mailed: a change that is fresh, and the newest of its order. So connecting a shop, replaying its webhooks
or a mail server that was away for a day mail nobody about what is long past or no longer true.
"""

import datetime as dt
import hashlib
from email.message import EmailMessage
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, bindparam, case, exists, func, insert, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from shared.database.database import Database
from shared.database.rows import many, one_or_none
from shared.graph.languages import code_of, language_of
from shared.graph.money import CurrencyCode
from shared.mail import (
    MAILS,
    Mailer,
    MailSettings,
    MailTemplates,
    RecipientRefused,
    UnmailableAddress,
    make_mailer,
    note_dropped,
)
from shared.runtime import Runtime
from shared.security.pseudonyms import Pseudonymizer
from subgraphs.order.enums import ActorKind, OrderSource, OrderStatus, SuppressionCause
from subgraphs.order.models import Order, OrderLine, OrderMail, OrderTimeline, Shipment
from subgraphs.order.service.guests import GuestLookup
from subgraphs.order.service.mail_texts import MailedOrder, MailedParcel, facts_of, mail_kind_of, subject_of
from subgraphs.order.service.preferences import locale_of, wants_mails
from subgraphs.order.service.suppression import suppress, suppressed_for
from subgraphs.order.service.unsubscription import Unsubscriber
from subgraphs.order.settings import PaymentSettings

FRESH = dt.timedelta(hours=12)
"""How old news may be that is still mailed: shops repeat a webhook for some hours, and a night without a mail server
loses no mail. What is older, its reader knows already."""

PROMPT = dt.timedelta(minutes=5)
"""How old a change may be that is mailed though another transaction has made a later one: its mail is on its way."""

_TEMPLATES = MailTemplates("subgraphs.order")

_later = aliased(OrderTimeline)
_mail = func.concat_ws(".", Order.id, OrderTimeline.version, Order.contact_email)


def _followed_by(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(_later.order_id == OrderTimeline.order_id, _later.version > OrderTimeline.version, condition)


def _is_refund(entry: type[OrderTimeline]) -> ColumnElement[bool]:
    return and_(entry.previous.is_not_distinct_from(entry.status), entry.shipment_id.is_(None))


# A partial refund leaves the status as it was: it stays true until money goes back again. A status stays true until the
# next one, or until another parcel leaves.
_refunds = _is_refund(_later)
_supersedes = case((_is_refund(OrderTimeline), or_(_refunds, _later.status == OrderStatus.REFUNDED)), else_=~_refunds)
_LOCKED = (
    select(
        Order.__table__,
        OrderTimeline.version.label("at_version"),
        OrderTimeline.status.label("reached"),
        OrderTimeline.previous,
        OrderTimeline.actor_kind,
        OrderTimeline.reason,
        OrderTimeline.at,
        OrderTimeline.shipment_id.is_not(None).label("of_parcel"),
        _followed_by(_supersedes).label("is_followed"),
        _followed_by(_supersedes & (_later.xid == OrderTimeline.xid)).label("is_followed_at_once"),
        wants_mails(Order.customer_id).label("wanted"),
        locale_of(Order.customer_id).label("chosen_locale"),
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
_PARCELS = select(Shipment.__table__).where(~Shipment.withdrawn).order_by(Shipment.id)


class _Change(NamedTuple):
    """What `_LOCKED` returns that a mail shows, or depends on."""

    id: str
    number: str
    customer_id: str | None
    recipient: str | None
    total_minor: int
    refunded_minor: int
    discount_minor: int
    shipping_minor: int
    tax_minor: int
    paid_at: dt.datetime | None
    currency: CurrencyCode
    source: OrderSource
    contact_email: str
    at_version: int
    reached: OrderStatus
    previous: OrderStatus | None
    actor_kind: ActorKind
    reason: str | None
    at: dt.datetime
    of_parcel: bool
    is_followed: bool
    is_followed_at_once: bool
    wanted: bool
    locale: str | None
    chosen_locale: str | None
    mail: str


class Notifier:
    """Writes and sends the mails."""

    def __init__(
        self,
        database: Database,
        mailer: Mailer,
        given: MailSettings,
        digests: Pseudonymizer,
        unsubscriber: Unsubscriber,
        guests: GuestLookup,
        *,
        takes_payments: bool,
    ) -> None:
        """Where the shop takes payments by a provider, an order that is placed here is no news before it is paid."""
        self._database = database
        self._mailer = mailer
        self._settings = given
        self._digests = digests
        self._unsubscriber = unsubscriber
        self._guests = guests
        self._takes_payments = takes_payments

    @classmethod
    def from_runtime(
        cls, runtime: Runtime, mailer: Mailer | None = None, *, takes_payments: bool | None = None
    ) -> "Notifier":
        """Make the notifier that the settings ask for, or one with others; raises SettingsError."""
        given = MailSettings.load()
        mailer = mailer or make_mailer(runtime.settings, given)
        if takes_payments is None:
            takes_payments = PaymentSettings.load().provider_of(runtime.settings) != "none"
        people, unsubscriber = runtime.resource(Pseudonymizer), runtime.resource(Unsubscriber)
        guests = runtime.resource(GuestLookup)
        return cls(runtime.database, mailer, given, people, unsubscriber, guests, takes_payments=takes_payments)

    async def notify(self, order_id: str, version: int) -> None:
        """Mail one change, unless it was mailed, nobody wants it, it is no news, or there is no address (any more).

        The lock keeps a second run from sending beside the first. Until the mail has left the transaction only reads,
        so it blocks no writer. A process that dies between the mail and the commit leaves a second mail to be sent,
        with the same Message-ID, by which mail servers tell a repeat.
        """
        async with self._database.write() as session:
            change = await one_or_none(session, _Change, _LOCKED, {"order": order_id, "version": version})
            if change is None:
                return
            mail = {"order_id": order_id, "version": version, "recipient": change.contact_email}
            if (await session.execute(_SENT, mail)).one_or_none() is not None:
                return
            digest = self._digests.of_email(change.contact_email)
            waits = self._takes_payments and _waits_for_payment(change)
            why = "unpaid" if waits else await _why_not(session, change, digest)
            try:
                if why is None:
                    await self._mailer.send(await self._message(session, change, digest))
            except UnmailableAddress:
                # An address of before such ones were refused, or of another shop: no later attempt does better.
                why = "unmailable"
            except RecipientRefused:
                why = "refused"
                await suppress(session, digest, SuppressionCause.HARD_BOUNCE, dt.datetime.now(dt.UTC))
            if why is not None:
                note_dropped("order", why, order_id=order_id, version=version)
                return
            await session.execute(insert(OrderMail).values(mail))
        MAILS.labels("order", "sent").inc()

    async def _message(self, session: AsyncSession, change: _Change, digest: str) -> EmailMessage:
        lines = await many(session, OrderLine, _LINES.where(OrderLine.order_id == change.id))
        rows = await many(session, Shipment, _PARCELS.where(Shipment.order_id == change.id))
        parcels = [
            MailedParcel(row.carrier, row.tracking_number, row.tracking_url, row.status, row.superseded) for row in rows
        ]
        kind = mail_kind_of(change.previous, change.reached, parcels, of_parcel=change.of_parcel)
        unsubscribe = self._unsubscriber.link(change.customer_id, digest)
        language = language_of(change.chosen_locale or change.locale or "")
        about = MailedOrder(
            number=change.number,
            recipient=change.recipient,
            currency=change.currency,
            total_minor=change.total_minor,
            refunded_minor=change.refunded_minor,
            discount_minor=change.discount_minor,
            shipping_minor=change.shipping_minor,
            tax_minor=change.tax_minor,
            is_paid=change.paid_at is not None,
            has_account=change.customer_id is not None,
            lines=[(line.quantity, line.title, line.total_minor) for line in lines],
            parcels=parcels,
            reason=change.reason,
            unsubscribe=unsubscribe,
            link=self._link(change),
            language=language,
        )
        name = hashlib.sha256(change.mail.encode()).hexdigest()[:16]
        return await _TEMPLATES.write(
            "status",
            facts_of(kind, about),
            sender=self._settings.mail_from,
            reply_to=self._settings.mail_reply_to,
            to=change.contact_email,
            subject=subject_of(kind, about),
            name=f"{change.number.lower()}-{change.at_version}-{name}",
            at=change.at,
            unsubscribe=unsubscribe,
            language=code_of(language),
        )

    def _link(self, change: _Change) -> str:
        """Return where the app shows the order; a guest gets a token along, as a customer would by logging in."""
        page = f"{self._settings.app_url.rstrip('/')}/orders/{change.id}"
        # Behind the #, a token reaches neither the log of a web server nor another site.
        return page if change.customer_id is not None else f"{page}#token={self._guests.issue(change.id)[0]}"


def _waits_for_payment(change: _Change) -> bool:
    """Tell whether a change is only that a checkout waits for its payment, or was given up.

    Nobody has bought anything, and nobody has proved that the address is theirs.
    """
    is_placed = change.previous is None
    is_given_up = (
        change.previous is OrderStatus.PENDING
        and change.reached is OrderStatus.CANCELLED
        and change.actor_kind is ActorKind.SYSTEM
        and change.paid_at is None
    )
    return change.source is OrderSource.ALL_PET_PLUS and (is_placed or is_given_up)


async def _why_not(session: AsyncSession, change: _Change, digest: str) -> str | None:
    """Return in a word why a change is not mailed; None where it is."""
    if not change.wanted:
        return "unwanted"
    age = dt.datetime.now(dt.UTC) - change.at
    if change.is_followed_at_once or (change.is_followed and age > PROMPT):
        return "superseded"
    if age > FRESH:
        return "stale"
    cause = await suppressed_for(session, digest, has_account=change.customer_id is not None)
    return f"suppressed_{cause.value.lower()}" if cause is not None else None
