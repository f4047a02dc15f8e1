"""Mails about accounts that leave late: none whose link is over, and none about security that is lost."""

import datetime as dt

import pytest
from sqlalchemy import update

from shared.core.ids import new_id
from shared.events.event import Envelope
from shared.mail import MAILS
from subgraphs.order.events import OrderMailsStopped
from subgraphs.user.handlers import HANDLERS
from subgraphs.user.models import EmailProof, Registration
from tests.support.accounts import PASSWORD, REGISTER, log_in, mailed, open_account, text_of, wanted
from tests.support.apps import Identities, Served
from tests.user.test_passwords import ASK, CHANGE, NEW

PREFERENCES = "query { me { preferences { orderEmails version } } }"
AGO = dt.timedelta(seconds=1)


def count(outcome: str) -> float:
    """Return how many mails about accounts had an outcome."""
    return float(MAILS.labels("user", outcome)._value.get())


async def end(user: Served, table: type[Registration] | type[EmailProof], email: str, **more: object) -> None:
    """Let what an address was asked for be over."""
    values = {"expires_at": dt.datetime.now(dt.UTC) - AGO} | more
    async with user.database.write() as session:
        await session.execute(update(table).where(table.email == email).values(values))


async def test_a_registration_that_is_over_is_not_mailed(user: Served) -> None:
    given = wanted()
    await user.execute(REGISTER, input=given)
    await end(user, Registration, given["email"])
    before = count("stale")
    assert await mailed(user, to=given["email"]) == []
    assert count("stale") == before + 1


@pytest.mark.parametrize("is_used", [False, True])
async def test_a_new_password_that_can_no_longer_be_set_is_not_mailed(user: Served, is_used: bool) -> None:
    account = await open_account(user)
    await user.execute(ASK, email=account.email)
    later = dt.datetime.now(dt.UTC) + dt.timedelta(minutes=30)
    await end(user, EmailProof, account.email, **({"used_at": later, "expires_at": later} if is_used else {}))
    before = count("stale")
    assert await mailed(user, to=account.email) == []
    assert count("stale") == before + 1


async def test_that_a_password_was_changed_is_mailed_however_late_and_then_without_a_link(user: Served) -> None:
    account = await open_account(user)
    session = await log_in(user, account)
    await user.execute(CHANGE, session["accessToken"], old=PASSWORD, new=NEW)
    await end(user, EmailProof, account.email)
    [mail] = await mailed(user, to=account.email)
    assert mail["Subject"] == "Your password was changed"
    assert "#token=" not in text_of(mail)
    assert "The link is good" not in text_of(mail)


async def test_a_late_mail_says_how_long_its_link_is_still_good(user: Served) -> None:
    given = wanted()
    await user.execute(REGISTER, input=given)
    await end(user, Registration, given["email"], expires_at=dt.datetime.now(dt.UTC) + dt.timedelta(minutes=30))
    [mail] = await mailed(user, to=given["email"])
    assert "The link is good for 30 minutes, once." in text_of(mail)


async def test_mails_about_security_name_no_way_to_unsubscribe(user: Served) -> None:
    given = wanted()
    await user.execute(REGISTER, input=given)
    [mail] = await mailed(user, to=given["email"])
    assert [name for name in mail if name.startswith("List-")] == []
    assert (mail["Auto-Submitted"], mail["Content-Language"]) == ("auto-generated", "en")
    assert mail.get_content_type() == "multipart/alternative"


async def stop(user: Served, user_id: str) -> None:
    event = OrderMailsStopped(customer_id=user_id)
    about = {"type": event.type, "subject": user_id, "time": dt.datetime.now(dt.UTC), "data": event.model_dump()}
    for handler in HANDLERS[OrderMailsStopped]:
        async with user.database.write() as session:
            await handler(session, event, Envelope(id=new_id("evt"), source="order", **about))


async def test_who_unsubscribed_by_a_mail_finds_it_in_their_preferences(user: Served, people: Identities) -> None:
    account = await open_account(user)
    token = people.token(account.id)
    before = (await user.execute(PREFERENCES, token)).data["me"]["preferences"]
    assert before["orderEmails"] is True
    for _ in range(2):
        await stop(user, account.id)
    after = (await user.execute(PREFERENCES, token)).data["me"]["preferences"]
    assert after == {"orderEmails": False, "version": before["version"] + 1}
    # Of somebody who is gone there is nothing to be changed.
    await stop(user, new_id("usr"))
