"""What this subgraph does when something happened in another."""

import datetime as dt
from functools import partial
from typing import TypeAlias, cast

from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncSession

from shared.events.event import Envelope, Event, Handler
from shared.graph.money import CurrencyCode
from subgraphs.builder.events import (
    CHANGED,
    DesignDeleted,
    DesignOrdered,
    DesignOrderRefused,
    DesignUpdated,
    PresetArchived,
    PresetUpdated,
    ProductUpdated,
)
from subgraphs.order.enums import FactKind, SubjectKind, SuppressionCause
from subgraphs.order.fact_models import FactData
from subgraphs.order.service import availability, ordered_designs, preferences, privacy, suppression, unsubscription
from subgraphs.order.service import guest_orders as linking
from subgraphs.order.service.availability import Subject
from subgraphs.order.service.carts.lines import outdate_lines
from subgraphs.order.service.facts import Fact, note_facts
from subgraphs.order.service.facts_fold import total_of
from subgraphs.order.service.job_types import SHOP_ERASURE
from subgraphs.user.events import EmailVerified, UserCreated, UserDeleted, UserUpdated
from subgraphs.webhook.events import (
    ReportedOrder,
    WebhookCustomerRedacted,
    WebhookDataRequested,
    WebhookMailBounced,
    WebhookMailComplained,
    WebhookOrderCreated,
    WebhookOrderUpdated,
    WebhookPaymentDisputed,
    WebhookPaymentFailed,
    WebhookPaymentRefunded,
    WebhookPaymentSucceeded,
    WebhookRefundChanged,
    WebhookShopRedacted,
)


async def forget_customer(session: AsyncSession, event: UserDeleted, envelope: Envelope) -> None:
    """Erase the personal data of a deleted user from their orders."""
    # A user who never proved that an address is theirs must not erase the orders of its owner.
    digest = event.email_digest if event.email_verified else None
    await privacy.forget_customer(session, event.user_id, digest)


async def link_guest_orders(session: AsyncSession, event: EmailVerified, envelope: Envelope) -> None:
    """Give a user what was ordered as a guest with an address that is theirs; one that they gave up is nobody's."""
    if event.previous_digest is not None:
        await linking.release_address(session, event.previous_digest, event.user_id)
    await linking.link_guest_orders(session, event.email_digest, event.user_id)
    await unsubscription.follow_account(session, event.email_digest, event.user_id)


async def remember_language(session: AsyncSession, event: UserCreated, envelope: Envelope) -> None:
    """Keep which language a new customer reads."""
    if event.locale is not None:
        await preferences.remember_locale(session, event.user_id, event.locale)


async def remember_wish(session: AsyncSession, event: UserUpdated, envelope: Envelope) -> None:
    """Keep whether a customer wants mails about their orders, and in which language, where that has changed."""
    if event.locale is not None:
        await preferences.remember_locale(session, event.user_id, event.locale)
    if event.order_emails is not None:
        await preferences.remember_wish(session, event.user_id, event.order_emails)
    if event.order_emails:
        await suppression.forgive_wishes(session, event.user_id)


async def refuse_design(session: AsyncSession, event: DesignOrderRefused, envelope: Envelope) -> None:
    """Take a design out of an order that it is not made for."""
    about = (event.order_id, event.customer_id, event.design_id)
    await ordered_designs.refuse_design(session, *about, is_changed=event.refusal == CHANGED)


async def note_ordered_design(session: AsyncSession, event: DesignOrdered, envelope: Envelope) -> None:
    """Keep of which product an ordered design is."""
    await availability.note_product(session, event.order_id, event.design_id, event.product)


async def follow_design(session: AsyncSession, event: DesignUpdated, envelope: Envelope) -> None:
    """Ask for a new price of a design in a cart that looks otherwise than when it was quoted."""
    if event.config_version is not None:
        await outdate_lines(session, event.design_id, event.config_version)


async def follow_preset(session: AsyncSession, event: PresetUpdated, envelope: Envelope) -> None:
    """Ask for a new price of a preset in carts that has changed since it was quoted."""
    await outdate_lines(session, event.preset_id, event.version)


async def withdraw_design(session: AsyncSession, event: DesignDeleted, envelope: Envelope) -> None:
    """Let a design that its owner gave up not be ordered any more."""
    await availability.withdraw(session, Subject(SubjectKind.DESIGN, event.design_id))


async def withdraw_preset(session: AsyncSession, event: PresetArchived, envelope: Envelope) -> None:
    """Let a preset that staff archived not be ordered any more."""
    await availability.withdraw(session, Subject(SubjectKind.PRESET, event.preset_id))


async def follow_product(session: AsyncSession, event: ProductUpdated, envelope: Envelope) -> None:
    """Let a product be ordered where it is on sale."""
    if event.product is None or event.active is None:
        return
    subject = Subject(SubjectKind.PRODUCT, event.product)
    await (availability.offer_again if event.active else availability.withdraw)(session, subject)


async def on_order(session: AsyncSession, event: WebhookOrderCreated | WebhookOrderUpdated, envelope: Envelope) -> None:
    """Keep what another shop reported about an order: its content, and each thing that happened to it."""
    reported, at = event.order, event.occurred_at or envelope.time
    if reported is None:
        return
    facts: list[tuple[FactKind, dt.datetime, FactData]] = []
    if reported.paid:
        # What it cost when it was paid: an edit afterwards changes what is owed, not what came in.
        facts.append((FactKind.PAID, at, _paid(reported)))
    if reported.cancelled_at is not None:
        facts.append((FactKind.CANCELLED, reported.cancelled_at, {}))
    if reported.all_left:
        facts.append((FactKind.ALL_LEFT, at, {}))
    facts += [(FactKind.REFUND, refund.at, _data_of(refund)) for refund in reported.refunds if refund.amount_minor]
    facts += [(FactKind.PARCEL, parcel.updated_at, _data_of(parcel)) for parcel in reported.parcels]
    told = partial(Fact, order_name=event.external_order_id, shop=event.shop, sent_at=event.occurred_at)
    noted = [told(kind, when, data=data) for kind, when, data in facts]
    if reported.content is not None:
        content = reported.content
        # A field that says nothing is left out: what was reported before there was one has the same id.
        unsaid = {name for name in ("test", "locale") if not getattr(content, name)}
        data = _data_of(content, exclude={"contact", "contact_digest", "email_digest"} | unsaid)
        contact, digest = content.contact, content.email_digest
        reported_content = partial(told, contact=contact, contact_digest=content.contact_digest, email_digest=digest)
        noted.append(reported_content(FactKind.CONTENT, content.updated_at, data=data))
    await note_facts(session, noted, event.delivery_id)


async def forget_in_shop(session: AsyncSession, event: WebhookCustomerRedacted, envelope: Envelope) -> None:
    """Have a shop's customer forgotten in the orders that it names, and in those with the address."""
    names = set(event.external_order_ids)
    if event.email_digest is not None:
        names |= set(await privacy.forget_in_shop(session, event.shop, event.email_digest))
    at = event.occurred_at or envelope.time
    for name in sorted(names):
        data = FactData(at=at.isoformat())
        redacted = Fact(FactKind.REDACTED, at, name, data=data, shop=event.shop, sent_at=event.occurred_at)
        await note_facts(session, [redacted], event.delivery_id)


async def note_data_request(session: AsyncSession, event: WebhookDataRequested, envelope: Envelope) -> None:
    """Have staff told, at each order, that its customer asked what is stored about them."""
    at = event.occurred_at or envelope.time
    for name in event.external_order_ids:
        data = FactData(at=at.isoformat())
        asked = Fact(FactKind.DATA_REQUESTED, at, name, data=data, shop=event.shop, sent_at=event.occurred_at)
        await note_facts(session, [asked], event.delivery_id)


async def forget_shop(session: AsyncSession, event: WebhookShopRedacted, envelope: Envelope) -> None:
    """Have all customers of a shop forgotten, by and by."""
    at = event.occurred_at or envelope.time
    await SHOP_ERASURE.enqueue(session, {"shop": event.shop, "redacted_at": at.isoformat()})


async def on_payment(session: AsyncSession, event: WebhookPaymentSucceeded, envelope: Envelope) -> None:
    """Keep that money came in."""
    data = FactData(
        payment=event.external_payment_id,
        provider=event.source,
        amount_minor=event.amount_minor,
        currency=event.currency,
    )
    await _note(session, FactKind.PAYMENT, event, envelope, data)


async def on_payment_failure(session: AsyncSession, event: WebhookPaymentFailed, envelope: Envelope) -> None:
    """Keep that a payment was declined; it may be declined more than once."""
    data = FactData(reason=event.reason, at=(event.occurred_at or envelope.time).isoformat())
    # Left out where it is not said, so that what was reported before there was an amount has the same id.
    if event.amount_minor and event.currency in CurrencyCode.__members__:
        data |= FactData(provider=event.source, amount_minor=event.amount_minor, currency=event.currency)
    await _note(session, FactKind.PAYMENT_FAILED, event, envelope, data)


async def on_refund(session: AsyncSession, event: WebhookPaymentRefunded, envelope: Envelope) -> None:
    """Keep how much of a payment went back."""
    data = FactData(
        provider=event.source,
        currency=event.currency,
        amount_minor=event.amount_minor,
        received_minor=event.received_minor,
        # The sum may rise, fall and rise again to what it was.
        at=(event.occurred_at or envelope.time).isoformat(),
    )
    await _note(session, FactKind.PAYMENT_REFUNDED, event, envelope, data)


async def on_refund_state(session: AsyncSession, event: WebhookRefundChanged, envelope: Envelope) -> None:
    """Keep how far one refund has come."""
    data = FactData(
        provider=event.source,
        refund_id=event.refund_id,
        state=event.state,
        amount_minor=event.amount_minor,
        currency=event.currency,
    )
    # Left out where it says nothing: what was reported before there was one has the same id.
    if event.own_refund_id is not None:
        data["own_refund_id"] = event.own_refund_id
    await _note(session, FactKind.REFUND_STATE, event, envelope, data)


async def on_dispute(session: AsyncSession, event: WebhookPaymentDisputed, envelope: Envelope) -> None:
    """Keep that a payment is disputed, or how that ended."""
    data = FactData(
        provider=event.source,
        dispute_id=event.dispute_id,
        reason=event.reason,
        outcome=event.outcome,
        amount_minor=event.amount_minor,
        currency=event.currency,
    )
    await _note(session, FactKind.DISPUTE, event, envelope, data)


async def on_bounce(session: AsyncSession, event: WebhookMailBounced, envelope: Envelope) -> None:
    """Stop mailing an address that does not take mails, at once or after several that came back."""
    cause = SuppressionCause.HARD_BOUNCE if event.permanent else SuppressionCause.SOFT_BOUNCES
    await suppression.suppress(session, event.email_digest, cause, event.occurred_at or envelope.time)


async def on_complaint(session: AsyncSession, event: WebhookMailComplained, envelope: Envelope) -> None:
    """Stop mailing an address whose owner marked a mail as unwanted."""
    at = event.occurred_at or envelope.time
    await suppression.suppress(session, event.email_digest, SuppressionCause.COMPLAINT, at)


_Payment: TypeAlias = (
    WebhookPaymentSucceeded
    | WebhookPaymentFailed
    | WebhookPaymentRefunded
    | WebhookPaymentDisputed
    | WebhookRefundChanged
)


async def _note(session: AsyncSession, kind: FactKind, event: _Payment, envelope: Envelope, data: FactData) -> None:
    ids = (event.external_payment_id, getattr(event, "external_charge_id", None))
    payments = sorted({key for key in ids if key is not None})
    fact = Fact(kind, event.occurred_at or envelope.time, event.external_order_id, payments, data)
    await note_facts(session, [fact], event.delivery_id)


def _paid(reported: ReportedOrder) -> FactData:
    content = reported.content
    return FactData(amount_minor=total_of(_data_of(content, exclude={"contact"}))) if content is not None else {}


def _data_of(part: BaseModel, exclude: set[str] | None = None) -> FactData:
    return cast("FactData", part.model_dump(mode="json", exclude=exclude))


HANDLERS: dict[type[Event], list[Handler]] = {
    DesignDeleted: [withdraw_design],
    DesignOrdered: [note_ordered_design],
    DesignOrderRefused: [refuse_design],
    DesignUpdated: [follow_design],
    PresetUpdated: [follow_preset],
    EmailVerified: [link_guest_orders],
    PresetArchived: [withdraw_preset],
    ProductUpdated: [follow_product],
    UserCreated: [remember_language],
    UserDeleted: [forget_customer],
    UserUpdated: [remember_wish],
    WebhookCustomerRedacted: [forget_in_shop],
    WebhookDataRequested: [note_data_request],
    WebhookMailBounced: [on_bounce],
    WebhookMailComplained: [on_complaint],
    WebhookOrderCreated: [on_order],
    WebhookOrderUpdated: [on_order],
    WebhookPaymentSucceeded: [on_payment],
    WebhookPaymentFailed: [on_payment_failure],
    WebhookPaymentRefunded: [on_refund],
    WebhookRefundChanged: [on_refund_state],
    WebhookPaymentDisputed: [on_dispute],
    WebhookShopRedacted: [forget_shop],
}
