"""What this room does when something happened in another."""

import datetime as dt
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from shared.events.event import Envelope, Event, Handler
from subgraphs.order.enums import FactKind
from subgraphs.order.service import guest_orders as linking
from subgraphs.order.service import preferences, privacy
from subgraphs.order.service.facts import Fact, note_facts
from subgraphs.user.events import EmailVerified, UserDeleted, UserUpdated
from subgraphs.webhook.events import (
    WebhookOrderCreated,
    WebhookOrderUpdated,
    WebhookPaymentDisputed,
    WebhookPaymentFailed,
    WebhookPaymentRefunded,
    WebhookPaymentSucceeded,
)


async def forget_customer(session: AsyncSession, event: UserDeleted, envelope: Envelope) -> None:
    """Erase the personal data of a deleted user from their orders."""
    # Who never proved that an address is theirs must not erase the orders of whoever it belongs to.
    digest = event.email_digest if event.email_verified else None
    await privacy.forget_customer(session, event.user_id, digest)


async def link_guest_orders(session: AsyncSession, event: EmailVerified, envelope: Envelope) -> None:
    """Give a user what was ordered as a guest with an address that is theirs; one that they gave up is nobody's."""
    if event.previous_digest is not None:
        await linking.release_address(session, event.previous_digest, event.user_id)
    await linking.link_guest_orders(session, event.email_digest, event.user_id)


async def remember_wish(session: AsyncSession, event: UserUpdated, envelope: Envelope) -> None:
    """Keep whether a customer wants mails about their orders, where that has changed."""
    if event.order_emails is not None:
        await preferences.remember_wish(session, event.user_id, event.order_emails)


async def hear_order(
    session: AsyncSession, event: WebhookOrderCreated | WebhookOrderUpdated, envelope: Envelope
) -> None:
    """Keep what another shop told of an order: its content, and each thing that happened to it."""
    told, at = event.order, event.occurred_at or envelope.time
    if told is None:
        return
    facts: list[tuple[FactKind, dt.datetime, dict[str, Any]]] = []
    if told.paid:
        facts.append((FactKind.PAID, at, {}))
    if told.cancelled_at is not None:
        facts.append((FactKind.CANCELLED, told.cancelled_at, {}))
    if told.all_left:
        facts.append((FactKind.ALL_LEFT, at, {}))
    facts += [
        (FactKind.REFUND, refund.at, refund.model_dump(mode="json")) for refund in told.refunds if refund.amount_minor
    ]
    facts += [(FactKind.PARCEL, parcel.updated_at, parcel.model_dump(mode="json")) for parcel in told.parcels]
    noted = [Fact(kind, when, event.external_order_id, data=data) for kind, when, data in facts]
    if told.content is not None:
        content = told.content
        data = content.model_dump(mode="json", exclude={"contact", "email_digest"})
        contact, digest = content.contact, content.email_digest
        noted.append(
            Fact(
                FactKind.CONTENT,
                content.updated_at,
                event.external_order_id,
                data=data,
                contact=contact,
                email_digest=digest,
            )
        )
    await note_facts(session, noted, event.delivery_id)


async def hear_payment(session: AsyncSession, event: WebhookPaymentSucceeded, envelope: Envelope) -> None:
    """Keep that money came in."""
    amount = {"amount_minor": event.amount_minor, "currency": event.currency}
    await _note(session, FactKind.PAYMENT, event, envelope, payment=event.external_payment_id, **amount)


async def hear_failure(session: AsyncSession, event: WebhookPaymentFailed, envelope: Envelope) -> None:
    """Keep that a payment was declined; it may be declined more than once."""
    at = (event.occurred_at or envelope.time).isoformat()
    await _note(session, FactKind.PAYMENT_FAILED, event, envelope, reason=event.reason, at=at)


async def hear_refund(session: AsyncSession, event: WebhookPaymentRefunded, envelope: Envelope) -> None:
    """Keep how much of a payment went back."""
    amounts = {"amount_minor": event.amount_minor, "received_minor": event.received_minor}
    await _note(session, FactKind.PAYMENT_REFUNDED, event, envelope, currency=event.currency, **amounts)


async def hear_dispute(session: AsyncSession, event: WebhookPaymentDisputed, envelope: Envelope) -> None:
    """Keep that a payment is disputed, or how that ended."""
    told = {"dispute_id": event.dispute_id, "reason": event.reason, "outcome": event.outcome}
    amount = {"amount_minor": event.amount_minor, "currency": event.currency}
    await _note(session, FactKind.DISPUTE, event, envelope, **told, **amount)


async def _note(session: AsyncSession, kind: FactKind, event: Any, envelope: Envelope, **data: Any) -> None:
    ids = (event.external_payment_id, getattr(event, "external_charge_id", None))
    payments = sorted({key for key in ids if key is not None})
    fact = Fact(kind, event.occurred_at or envelope.time, event.external_order_id, payments, data)
    await note_facts(session, [fact], event.delivery_id)


HANDLERS: dict[type[Event], list[Handler]] = {
    EmailVerified: [link_guest_orders],
    UserDeleted: [forget_customer],
    UserUpdated: [remember_wish],
    WebhookOrderCreated: [hear_order],
    WebhookOrderUpdated: [hear_order],
    WebhookPaymentSucceeded: [hear_payment],
    WebhookPaymentFailed: [hear_failure],
    WebhookPaymentRefunded: [hear_refund],
    WebhookPaymentDisputed: [hear_dispute],
}
