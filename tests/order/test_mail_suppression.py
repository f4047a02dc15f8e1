"""Addresses that bounce or complain get no mails about orders, until that is over or staff lift it."""

import datetime as dt
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, update

from shared.core.ids import new_id
from shared.events.outbox import OUTBOX
from shared.mail import MailNotSent, SmtpMailer
from shared.security.pseudonyms import Pseudonymizer
from subgraphs.order.enums import SuppressionCause
from subgraphs.order.models import MailSuppression
from subgraphs.order.service import privacy, suppression
from subgraphs.order.service.notification import Notifier
from subgraphs.order.service.suppression import LASTS, MOST_SOFT_BOUNCES
from subgraphs.user.events import EmailVerified, UserDeleted, UserUpdated
from subgraphs.webhook.events import WebhookMailBounced, WebhookMailComplained
from tests.order.factories import place
from tests.order.facts import receive
from tests.order.mails import mails_of
from tests.support.apps import Served
from tests.support.smtp import mail_server

DAY = dt.timedelta(days=1)
SHOWN = """query ($id: ID!) { order(id: $id) { id mailSuppressions { cause since until reports } } }"""
LIFT = """mutation ($order: ID!, $cause: SuppressionCause!) {
  mailSuppressionLift(input: { orderId: $order, cause: $cause }) {
    __typename
    ... on MailSuppressionLiftSuccess { order { id mailSuppressions { cause } } }
    ... on Problem { code message }
  }
}"""
ORDERS = """query ($representations: [_Any!]!) { _entities(representations: $representations) {
  ... on Order { mailSuppressions { cause } } } }"""


def now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def address() -> str:
    return f"{new_id('guest')}@example.com"


def digest(order: Served, email: str) -> str:
    return order.runtime.resource(Pseudonymizer).of_email(email)


async def bounce(order: Served, email: str, *, permanent: bool, at: dt.datetime | None = None) -> None:
    about: dict[str, Any] = {"delivery_id": new_id("whd"), "source": "INTERNAL", "occurred_at": at or now()}
    await receive(order, WebhookMailBounced(**about, email_digest=digest(order, email), permanent=permanent))


async def complain(order: Served, email: str, at: dt.datetime | None = None) -> None:
    about: dict[str, Any] = {"delivery_id": new_id("whd"), "source": "INTERNAL", "occurred_at": at or now()}
    await receive(order, WebhookMailComplained(**about, email_digest=digest(order, email)))


async def is_mailed(order: Served, directory: Path, email: str, customer_id: str | None = None) -> bool:
    placed = await place(order, customer_id, contact_email=email)
    return len(await mails_of(order, placed.id, directory)) == 1


async def kept(order: Served, email: str) -> list[Any]:
    wanted = select(MailSuppression.__table__).where(MailSuppression.email_digest == digest(order, email))
    async with order.database.read() as connection:
        return list(await connection.execute(wanted.order_by(MailSuppression.cause)))


async def test_an_address_that_takes_no_mails_gets_none_and_is_not_stored(order: Served, tmp_path: Path) -> None:
    email = address()
    await bounce(order, email.upper(), permanent=True)
    assert not await is_mailed(order, tmp_path, email)
    assert await is_mailed(order, tmp_path, address())
    [row] = await kept(order, email)
    assert row.cause is SuppressionCause.HARD_BOUNCE
    assert email not in str(tuple(row))


async def test_who_complains_gets_no_more_mails_also_with_an_account(
    order: Served, tmp_path: Path, customer_id: str
) -> None:
    email = address()
    await complain(order, email)
    assert not await is_mailed(order, tmp_path, email)
    assert not await is_mailed(order, tmp_path, email, customer_id)


async def test_mails_that_come_back_for_a_time_stop_after_several(order: Served, tmp_path: Path) -> None:
    email = address()
    for _ in range(MOST_SOFT_BOUNCES - 1):
        await bounce(order, email, permanent=False)
    assert await is_mailed(order, tmp_path, email)
    await bounce(order, email, permanent=False)
    assert not await is_mailed(order, tmp_path, email)
    [row] = await kept(order, email)
    assert row.reports == MOST_SOFT_BOUNCES
    assert now() < row.until <= now() + LASTS[SuppressionCause.SOFT_BOUNCES]


async def test_mails_that_came_back_weeks_apart_are_counted_anew(order: Served, tmp_path: Path) -> None:
    email = address()
    for days in (80, 60, 40, 20, 8):
        await bounce(order, email, permanent=False, at=now() - days * DAY)
    assert await kept(order, email) == []
    for _ in range(MOST_SOFT_BOUNCES - 1):
        await bounce(order, email, permanent=False)
    async with order.database.write() as session:
        await session.execute(update(MailSuppression).values(until=now() - DAY))
    await bounce(order, email, permanent=False)
    assert [row.reports for row in await kept(order, email)] == [1]
    assert await is_mailed(order, tmp_path, email)


@pytest.mark.parametrize("cause", [SuppressionCause.HARD_BOUNCE, SuppressionCause.COMPLAINT])
async def test_a_suppression_ends_by_itself_and_its_row_goes(
    order: Served, tmp_path: Path, cause: SuppressionCause
) -> None:
    email = address()
    async with order.database.write() as session:
        await suppression.suppress(session, digest(order, email), cause, now() - LASTS[cause])
    assert await kept(order, email) == []
    async with order.database.write() as session:
        await suppression.suppress(session, digest(order, email), cause, now())
        await suppression.suppress(session, digest(order, email), SuppressionCause.UNSUBSCRIBED, now())
        passed = update(MailSuppression).where(MailSuppression.until.is_not(None))
        await session.execute(passed.values(until=func.now() - DAY))
    await suppression.remove_expired(order.database)
    assert [row.cause for row in await kept(order, email)] == [SuppressionCause.UNSUBSCRIBED]
    assert not await is_mailed(order, tmp_path, email)


async def test_an_old_report_does_not_shorten_a_newer_one_and_none_lies_in_the_future(order: Served) -> None:
    email = address()
    await bounce(order, email, permanent=True, at=now() + 900 * DAY)
    await bounce(order, email, permanent=True, at=now() - 30 * DAY)
    [row] = await kept(order, email)
    assert row.reports == 2
    assert now() + 179 * DAY < row.until < now() + 181 * DAY
    assert now() - 31 * DAY < row.since < now() - 29 * DAY


async def test_staff_see_and_lift_a_suppression_and_the_log_says_who(
    order: Served, tmp_path: Path, support: str, customer: str, customer_id: str
) -> None:
    email = address()
    placed = await place(order, customer_id, contact_email=email)
    await bounce(order, email, permanent=True)
    await complain(order, email)
    shown = (await order.execute(SHOWN, support, id=placed.id)).data["order"]["mailSuppressions"]
    assert [(each["cause"], each["reports"]) for each in shown] == [("COMPLAINT", 1), ("HARD_BOUNCE", 1)]
    hidden = await order.execute(SHOWN, customer, id=placed.id)
    assert (hidden.body["data"]["order"]["mailSuppressions"], hidden.codes) == (None, ["FORBIDDEN"])
    refused = await order.execute(LIFT, customer, order=placed.id, cause="COMPLAINT")
    assert refused.codes == ["FORBIDDEN"]
    assert len(await kept(order, email)) == 2

    lifted = (await order.execute(LIFT, support, order=placed.id, cause="COMPLAINT")).data["mailSuppressionLift"]
    assert lifted["order"]["mailSuppressions"] == [{"cause": "HARD_BOUNCE"}]
    assert not await is_mailed(order, tmp_path, email)
    await order.execute(LIFT, support, order=placed.id, cause="HARD_BOUNCE")
    assert await is_mailed(order, tmp_path, email)
    again = (await order.execute(LIFT, support, order=placed.id, cause="HARD_BOUNCE")).data["mailSuppressionLift"]
    assert again["code"] == "ILLEGAL_STATE"
    unknown = await order.execute(LIFT, support, order=new_id("ord"), cause="HARD_BOUNCE")
    assert unknown.data["mailSuppressionLift"]["code"] == "NOT_FOUND"
    async with order.database.read() as connection:
        wanted = select(OUTBOX).where(OUTBOX.c.type == "order.mails_resumed", OUTBOX.c.subject == placed.id)
        events = (await connection.execute(wanted.order_by(OUTBOX.c.id))).all()
    assert [event.data["cause"] for event in events] == ["COMPLAINT", "HARD_BOUNCE"]
    assert {event.actor is not None for event in events} == {True}


async def test_suppressions_of_many_orders_cost_as_many_statements_as_of_one(order: Served, support: str) -> None:
    placed = [await place(order, None, contact_email=address()) for _ in range(10)]
    await bounce(order, placed[0].contact_email, permanent=True)
    costs = []
    for asked in (placed[:1], placed):
        representations = [{"__typename": "Order", "id": row.id} for row in asked]
        with order.statements() as sent:
            shown = (await order.execute(ORDERS, support, representations=representations)).data["_entities"]
        assert [len(each["mailSuppressions"]) for each in shown] == [1, *[0] * (len(asked) - 1)]
        costs.append(len(sent))
    assert costs[0] == costs[1]


async def test_who_proves_an_address_or_asks_for_mails_gets_them_again(
    order: Served, tmp_path: Path, customer_id: str
) -> None:
    email = address()
    await bounce(order, email, permanent=True)
    await complain(order, email)
    await receive(order, EmailVerified(user_id=customer_id, email_digest=digest(order, email)))
    assert [row.cause for row in await kept(order, email)] == [SuppressionCause.COMPLAINT]
    await receive(order, UserUpdated(user_id=customer_id, fields=["order_emails"], order_emails=True))
    assert await kept(order, email) == []
    assert await is_mailed(order, tmp_path, email, customer_id)


async def test_what_is_kept_of_an_address_goes_with_its_person(order: Served, customer_id: str) -> None:
    theirs, another = address(), address()
    for email in (theirs, another):
        await bounce(order, email, permanent=True)
    await receive(order, UserDeleted(user_id=customer_id, email_digest=digest(order, theirs), email_verified=False))
    assert len(await kept(order, theirs)) == 1
    await receive(order, UserDeleted(user_id=customer_id, email_digest=digest(order, theirs), email_verified=True))
    assert await kept(order, theirs) == []
    assert len(await kept(order, another)) == 1
    await privacy.forget_guest(order.database, order.runtime.resource(Pseudonymizer), digest(order, another))
    assert await kept(order, another) == []


@pytest.mark.parametrize(("answer", "gives_up"), [("550 5.1.1 unknown", True), ("450 4.2.1 try later", False)])
async def test_an_address_that_the_mail_server_refuses_is_suppressed_as_after_a_hard_bounce(
    order: Served, tmp_path: Path, answer: str, gives_up: bool
) -> None:
    email = address()
    placed = await place(order, None, contact_email=email)
    async with mail_server(refusals={b"RCPT": f"{answer}\r\n".encode()}) as (port, _):
        notifier = Notifier.from_runtime(order.runtime, SmtpMailer(f"smtp://127.0.0.1:{port}"), takes_payments=False)
        for _ in range(2):
            with nullcontext() if gives_up else pytest.raises(MailNotSent):
                await notifier.notify(placed.id, 1)
    rows = await kept(order, email)
    assert [(row.cause, row.reports) for row in rows] == ([(SuppressionCause.HARD_BOUNCE, 1)] if gives_up else [])
    assert await is_mailed(order, tmp_path, email) is not gives_up
