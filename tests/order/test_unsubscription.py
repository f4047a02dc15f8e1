"""Mails about orders are ended by the link that they carry: at once by POST, never by GET, for accounts and guests."""

import re
from email.message import EmailMessage
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select

from shared.core import base64url
from shared.core.ids import new_id
from shared.core.settings import SettingsError
from shared.events.outbox import OUTBOX
from shared.security.pseudonyms import Pseudonymizer
from subgraphs.order.enums import OrderStatus
from subgraphs.order.models import CustomerPreference, MailSuppression
from subgraphs.order.service.notification import Notifier
from subgraphs.order.service.unsubscription import MOST_FORGED, MOST_PER_LINK, Unsubscriber
from subgraphs.order.settings import OrderSettings
from subgraphs.user.events import EmailVerified, UserDeleted, UserUpdated
from tests.order.factories import move, place
from tests.order.facts import receive
from tests.order.mails import html_of, mails_of, text_of
from tests.support.apps import Served

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


def address() -> str:
    return f"{new_id('guest')}@example.com"


def link_of(mail: EmailMessage) -> str:
    """Return the link of a mail, without the address of the shop."""
    found = re.fullmatch(r"<http://127\.0\.0\.1:\d+(/unsubscribe/[\w-]+)>", mail["List-Unsubscribe"])
    assert found is not None, mail["List-Unsubscribe"]
    return found[1]


async def first_mail(order: Served, directory: Path, customer_id: str | None, email: str) -> EmailMessage:
    placed = await place(order, customer_id, contact_email=email)
    [mail] = await mails_of(order, placed.id, directory)
    return mail


async def is_mailed(order: Served, directory: Path, customer_id: str | None, email: str) -> bool:
    placed = await place(order, customer_id, contact_email=email)
    return len(await mails_of(order, placed.id, directory)) == 1


async def follow(order: Served, link: str) -> httpx.Response:
    return await order.client.post(link, data=ONE_CLICK)


async def wish_of(order: Served, customer_id: str) -> bool | None:
    async with order.database.read() as connection:
        wanted = select(CustomerPreference.order_emails).where(CustomerPreference.customer_id == customer_id)
        return await connection.scalar(wanted)


async def stopped(order: Served, customer_id: str) -> int:
    async with order.database.read() as connection:
        wanted = select(OUTBOX.c.id).where(OUTBOX.c.type == "order.mails_stopped", OUTBOX.c.subject == customer_id)
        return len((await connection.execute(wanted)).all())


async def test_a_mail_names_its_link_in_one_unfolded_header(order: Served, tmp_path: Path) -> None:
    mail = await first_mail(order, tmp_path, None, address())
    raw = (tmp_path / f"{mail['Message-ID'].strip('<>').partition('@')[0]}.eml").read_bytes()
    assert re.search(rb"^List-Unsubscribe: <http://[^\s<>]+>$", raw, re.MULTILINE)
    assert b"\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\n" in raw
    link = mail["List-Unsubscribe"].strip("<>")
    assert f"Stop mails about orders:\n{link}" in text_of(mail)
    assert f'href="{link}"' in html_of(mail)


async def test_a_guest_ends_the_mails_to_their_address_at_once_and_is_told_of_no_account(
    order: Served, tmp_path: Path
) -> None:
    email = address()
    mail = await first_mail(order, tmp_path, None, email)
    assert "account's preferences" not in text_of(mail) + html_of(mail)
    answers = [await follow(order, link_of(mail)) for _ in range(2)]
    assert {answer.status_code for answer in answers} == {200}
    assert answers[0].text == answers[1].text
    assert email not in answers[0].text
    assert not await is_mailed(order, tmp_path, None, email.upper())
    assert await is_mailed(order, tmp_path, None, address())


async def test_who_looks_at_the_page_ends_nothing(order: Served, tmp_path: Path) -> None:
    email = address()
    link = link_of(await first_mail(order, tmp_path, None, email))
    for method in ("GET", "HEAD"):
        page = await order.client.request(method, link)
        assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
        assert page.headers["cache-control"] == "no-store"
        assert "form-action 'self'" in page.headers["content-security-policy"]
    shown = (await order.client.get(link)).text
    assert '<form method="post">' in shown
    assert "<script" not in shown
    assert await is_mailed(order, tmp_path, None, email)


async def test_the_preference_of_an_account_follows(order: Served, tmp_path: Path, customer_id: str) -> None:
    mail = await first_mail(order, tmp_path, customer_id, address())
    assert "in your account's preferences" in text_of(mail)
    for _ in range(2):
        assert (await follow(order, link_of(mail))).status_code == 200
    assert await wish_of(order, customer_id) is False
    assert await stopped(order, customer_id) == 1
    assert not await is_mailed(order, tmp_path, customer_id, address())
    await receive(order, UserUpdated(user_id=customer_id, fields=["order_emails"], order_emails=True))
    assert await is_mailed(order, tmp_path, customer_id, address())


async def test_what_a_guest_wished_becomes_the_wish_of_their_account(
    order: Served, tmp_path: Path, customer_id: str
) -> None:
    email = address()
    link = link_of(await first_mail(order, tmp_path, None, email))
    await follow(order, link)
    digest = order.runtime.resource(Pseudonymizer).of_email(email)
    await receive(order, EmailVerified(user_id=customer_id, email_digest=digest))
    assert await wish_of(order, customer_id) is False
    assert await stopped(order, customer_id) == 1
    # The old link is about the account by now.
    await receive(order, UserUpdated(user_id=customer_id, fields=["order_emails"], order_emails=True))
    assert await is_mailed(order, tmp_path, customer_id, email)
    await follow(order, link)
    assert await wish_of(order, customer_id) is False


async def test_a_link_of_an_account_that_is_gone_is_answered_alike_and_stores_nothing(
    order: Served, tmp_path: Path, customer_id: str
) -> None:
    link = link_of(await first_mail(order, tmp_path, customer_id, address()))
    await receive(order, UserDeleted(user_id=customer_id))
    answer = await follow(order, link)
    assert "Mails about orders are stopped" in answer.text
    assert await wish_of(order, customer_id) is None
    assert await stopped(order, customer_id) == 0


async def test_a_link_that_was_tampered_with_ends_nothing_and_says_nothing(order: Served, tmp_path: Path) -> None:
    email = address()
    link = link_of(await first_mail(order, tmp_path, None, email))
    digest = order.runtime.resource(Pseudonymizer).of_email(email)
    async with order.database.read() as connection:
        before = len((await connection.execute(select(MailSuppression.__table__))).all())
    forged = base64url.encode(bytes(16) + digest.encode())
    for path in (
        link[:-1],
        f"{link}A",
        f"/unsubscribe/{forged}",
        "/unsubscribe/é",
        "/unsubscribe/%00",
        "/unsubscribe/A",
    ):
        for answer in (await order.client.get(path), await follow(order, path)):
            assert answer.status_code == 404
            assert "not valid" in answer.text
    async with order.database.read() as connection:
        assert len((await connection.execute(select(MailSuppression.__table__))).all()) == before
    assert await is_mailed(order, tmp_path, None, email)


async def test_guesses_at_links_are_limited_by_network_and_right_links_are_not(order: Served, tmp_path: Path) -> None:
    await order.runtime.redis.flushdb()
    links = [link_of(await first_mail(order, tmp_path, None, address())) for _ in range(2)]
    codes = [(await order.client.get(f"/unsubscribe/{number}")).status_code for number in range(MOST_FORGED + 1)]
    assert codes == [404] * MOST_FORGED + [429]
    codes = [(await follow(order, links[0])).status_code for _ in range(MOST_PER_LINK + 1)]
    assert codes == [200] * MOST_PER_LINK + [429]
    answer = await follow(order, links[1])
    assert answer.status_code == 200
    await order.runtime.redis.flushdb()


async def test_without_an_address_of_its_own_production_mails_no_link(
    order: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    production = order.runtime.settings.model_copy(update={"env": "production"})
    assert OrderSettings().unsubscribe_url_of(production) is None
    given = OrderSettings(unsubscribe_url="https://shop.example/")
    given.check(production)
    assert given.unsubscribe_url_of(production) == "https://shop.example"
    with pytest.raises(SettingsError, match="PETPLUS_UNSUBSCRIBE_URL must be an https"):
        OrderSettings(unsubscribe_url="http://shop.example").check(production)
    unsubscriber = order.runtime.resource(Unsubscriber)
    monkeypatch.setattr(unsubscriber, "_url", None)
    mail = await first_mail(order, tmp_path, None, address())
    assert (mail["List-Unsubscribe"], mail["List-Unsubscribe-Post"]) == (None, None)
    assert "Stop mails" not in text_of(mail) + html_of(mail)


async def test_answers_go_where_the_settings_say(
    order: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PETPLUS_MAIL_REPLY_TO", "Help <help@shop.example>")
    placed = await place(order, None, contact_email=address())
    await move(order, placed.id, OrderStatus.PAID)
    first, second = await mails_of(order, placed.id, tmp_path)
    assert (first["Reply-To"], first["Content-Language"]) == ("Help <help@shop.example>", "en")
    assert first["Auto-Submitted"] == "auto-generated"
    assert first["Message-ID"].endswith("@allpetplus.example>")
    assert first["Message-ID"] != second["Message-ID"]
    monkeypatch.setenv("PETPLUS_MAIL_REPLY_TO", "nobody")
    with pytest.raises(SettingsError, match="PETPLUS_MAIL_REPLY_TO"):
        Notifier.from_runtime(order.runtime)
