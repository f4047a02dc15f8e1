"""Fulfilment and mails: a paid order gets its parcel once, and each change one mail, however often a job runs."""

import asyncio
import email
import email.policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text

from shared.core.errors import IllegalState
from shared.core.ids import new_id
from shared.core.settings import SettingsError
from shared.events.event import Envelope
from shared.jobs import runner as job_runner
from shared.jobs.runner import run_jobs
from shared.mail import FileMailer, MailSettings, NoMailer, SmtpMailer, make_mailer
from subgraphs.order.enums import OrderStatus
from subgraphs.order.handlers import HANDLERS
from subgraphs.order.jobs import JOBS
from subgraphs.order.models import OrderMail, Shipment
from subgraphs.order.service.carrier import Label, SimulatedCarrier
from subgraphs.order.service.fulfillment import Fulfillment
from subgraphs.order.service.notification import Notifier
from subgraphs.order.service.privacy import forget_customer
from subgraphs.order.settings import OrderSettings
from subgraphs.user.events import UserUpdated
from tests.order.factories import move, place
from tests.order.test_transitions import stored
from tests.support.apps import Served
from tests.support.shop import free_ports
from tests.support.smtp import mail_server
from tests.support.waiting import eventually


def make(order: Served, start_after: float = 0, make_for: float = 0) -> Fulfillment:
    return Fulfillment(order.database, SimulatedCarrier(), start_after=start_after, make_for=make_for)


async def parcels(order: Served, order_id: str) -> list[Any]:
    async with order.database.read() as connection:
        return list(await connection.execute(select(Shipment.__table__).where(Shipment.order_id == order_id)))


async def test_a_paid_order_is_made_and_gets_one_parcel(order: Served) -> None:
    placed = await place(order, None)
    await move(order, placed.id, OrderStatus.PAID)
    fulfillment = make(order)
    await asyncio.gather(*[fulfillment.advance(placed.id) for _ in range(5)], return_exceptions=True)
    await asyncio.gather(*[fulfillment.advance(placed.id) for _ in range(5)])
    row, entries, events = await stored(order, placed.id)
    assert [(entry.status.value, entry.actor_kind.value) for entry in entries][2:] == [("IN_PRODUCTION", "SYSTEM")]
    assert (row.version, sum(event.type == "order.shipment_created" for event in events)) == (3, 1)
    [parcel] = await parcels(order, placed.id)
    assert (parcel.carrier, parcel.status.value, parcel.completes) == ("Simulated Post", "LABEL_CREATED", True)


@pytest.mark.parametrize("path", [[], [OrderStatus.PAID, OrderStatus.ON_HOLD], [OrderStatus.CANCELLED]])
async def test_other_orders_are_left_alone(order: Served, path: list[OrderStatus]) -> None:
    placed = await place(order, None)
    await move(order, placed.id, *path)
    before = await stored(order, placed.id)
    await make(order).advance(placed.id)
    await make(order).advance(new_id("ord"))
    assert await stored(order, placed.id) == before
    assert await parcels(order, placed.id) == []


async def test_an_order_that_is_stopped_while_the_carrier_answers_gets_no_parcel(order: Served) -> None:
    placed = await place(order, None)
    await move(order, placed.id, OrderStatus.PAID, OrderStatus.IN_PRODUCTION)

    class SlowCarrier:
        async def book(self, key: str, order_row: Any) -> Label:
            await move(order, placed.id, OrderStatus.ON_HOLD)
            return await SimulatedCarrier().book(key, order_row)

    await Fulfillment(order.database, SlowCarrier(), start_after=0, make_for=0).advance(placed.id)
    assert await parcels(order, placed.id) == []


async def test_what_is_not_due_is_asked_for_again(order: Served) -> None:
    placed = await place(order, None)
    await move(order, placed.id, OrderStatus.PAID)
    await make(order, start_after=3600).advance(placed.id)
    async with order.database.read() as connection:
        waiting = await connection.execute(
            text(
                "SELECT execute_after > now() + interval '55 minutes' FROM pgqueuer"
                " WHERE entrypoint = 'order-fulfillment' AND convert_from(payload, 'UTF8') LIKE :key ORDER BY id"
            ),
            {"key": f"%{placed.id}%"},
        )
        assert [later for (later,) in waiting] == [False, True]
    assert (await stored(order, placed.id))[0].version == 2


@pytest.fixture
def mails(order: Served, tmp_path: Path) -> tuple[Notifier, Path]:
    return Notifier.from_runtime(order.runtime, FileMailer(tmp_path), takes_payments=False), tmp_path


def read_mails(directory: Path) -> list[EmailMessage]:
    files = sorted(directory.iterdir())
    return [email.message_from_bytes(file.read_bytes(), policy=email.policy.default) for file in files]


async def mailed(order: Served, order_id: str) -> list[tuple[int, str]]:
    async with order.database.read() as connection:
        statement = select(OrderMail.version, OrderMail.recipient).where(OrderMail.order_id == order_id)
        return [(row.version, row.recipient) for row in await connection.execute(statement.order_by(OrderMail.version))]


async def test_a_change_is_mailed_once_to_its_customer(order: Served, mails: tuple[Notifier, Path]) -> None:
    notifier, directory = mails
    placed = await place(order, None)
    await move(order, placed.id, OrderStatus.PAID, reason="<b>Thanks</b> & more")
    await asyncio.gather(*[notifier.notify(placed.id, 2) for _ in range(5)])
    [message] = read_mails(directory)
    assert message["Subject"] == f"Your payment has arrived: {placed.number}"
    assert (message["To"], message["From"]) == ("anna@example.com", "All Pet Plus <orders@allpetplus.example>")
    plain, html = message.get_body(("plain",)), message.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert "<b>Thanks</b> & more" in plain.get_content()
    assert "&lt;b&gt;Thanks&lt;/b&gt; &amp; more" in html.get_content()
    for part in (plain, html):
        assert "Anna Muster" in part.get_content()
        assert "107.20 EUR" in part.get_content()
    assert await mailed(order, placed.id) == [(2, "anna@example.com")]


async def test_a_mail_that_cannot_be_sent_is_sent_later(order: Served, mails: tuple[Notifier, Path]) -> None:
    placed = await place(order, None)
    nobody = SmtpMailer(f"smtp://127.0.0.1:{free_ports()}")
    with pytest.raises(OSError, match="refused"):
        await Notifier.from_runtime(order.runtime, nobody, takes_payments=False).notify(placed.id, 1)
    assert await mailed(order, placed.id) == []
    await mails[0].notify(placed.id, 1)
    assert len(read_mails(mails[1])) == 1


async def test_who_wants_no_mails_gets_none(order: Served, mails: tuple[Notifier, Path], customer_id: str) -> None:
    placed = await place(order, customer_id)
    for wish, count in ((False, 0), (None, 0), (True, 1)):
        event = UserUpdated(user_id=customer_id, fields=["order_emails"], order_emails=wish)
        about = {"type": event.type, "subject": customer_id, "time": placed.placed_at, "data": event.model_dump()}
        for handler in HANDLERS[UserUpdated]:
            async with order.database.write() as session:
                await handler(session, event, Envelope(id=new_id("evt"), source="user", **about))
        await mails[0].notify(placed.id, 1)
        assert len(read_mails(mails[1])) == count


async def test_the_forgotten_are_not_mailed(order: Served, mails: tuple[Notifier, Path], customer_id: str) -> None:
    placed = await place(order, customer_id)
    await mails[0].notify(placed.id, 1)
    await move(order, placed.id, OrderStatus.PAID)
    async with order.database.write() as session:
        await forget_customer(session, customer_id)
    await mails[0].notify(placed.id, 2)
    assert len(read_mails(mails[1])) == 1
    assert await mailed(order, placed.id) == []


async def test_jobs_take_an_order_from_payment_to_its_parcel_and_mail_each_step(
    order: Served, mails: tuple[Notifier, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(job_runner, "POLL_SECONDS", 0.05)
    monkeypatch.setitem(order.runtime.resources, Fulfillment, make(order, 0.1, 0.1))
    monkeypatch.setitem(order.runtime.resources, Notifier, mails[0])
    async with order.database.write() as session:
        await session.execute(text("DELETE FROM pgqueuer"))
    placed = await place(order, None)
    with pytest.raises(IllegalState):
        await move(order, placed.id, OrderStatus.SHIPPED)
    await move(order, placed.id, OrderStatus.PAID)

    async def is_done() -> bool:
        return bool(await parcels(order, placed.id)) and len(await mailed(order, placed.id)) == 3

    async with run_jobs(order.runtime, JOBS):
        await eventually(is_done)
    assert [number for number, _ in await mailed(order, placed.id)] == [1, 2, 3]
    assert len(read_mails(mails[1])) == 3


def test_settings_choose_how_mails_leave(order: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    development = order.runtime.settings
    production = development.model_copy(update={"env": "production"})
    assert isinstance(make_mailer(development, MailSettings()), FileMailer)
    with pytest.raises(SettingsError, match="PETPLUS_SMTP_URL must be set in production"):
        make_mailer(production, MailSettings())
    dropping = MailSettings(drop_mails="on")
    assert isinstance(make_mailer(production, dropping), NoMailer)
    assert isinstance(make_mailer(development, dropping), NoMailer)
    assert (OrderSettings().carrier_of(development), OrderSettings().carrier_of(production)) == ("simulated", "none")
    for url in ("smtp://mail.example", "smtps://me:p%40ss@mail.example:4650", "smtp+starttls://mail.example"):
        monkeypatch.setenv("PETPLUS_SMTP_URL", url)
        assert isinstance(make_mailer(production, MailSettings()), SmtpMailer)
    for url in ("http://mail.example", "smtp://", "smtp://mail.example:99999"):
        monkeypatch.setenv("PETPLUS_SMTP_URL", url)
        with pytest.raises(SettingsError, match="PETPLUS_SMTP_URL"):
            make_mailer(production, MailSettings())
    monkeypatch.setenv("PETPLUS_PRODUCTION_SECONDS", "soon")
    with pytest.raises(SettingsError, match="PETPLUS_PRODUCTION_SECONDS"):
        OrderSettings.load()


async def test_smtp_carries_the_mail(order: Served) -> None:
    placed = await place(order, None)
    async with mail_server() as (port, received):
        mailer = SmtpMailer(f"smtp://127.0.0.1:{port}")
        notifier = Notifier.from_runtime(order.runtime, mailer, takes_payments=False)
        for _ in range(2):
            await notifier.notify(placed.id, 1)
    [message] = received
    assert message["Subject"] == f"We have your order: {placed.number}"
    assert await mailed(order, placed.id) == [(1, "anna@example.com")]
