"""Mails: only to addresses that a header can hold, and no failure that is logged tells one."""

import datetime as dt
import traceback
from email.message import EmailMessage

import pytest

from shared.core.validation import Checks
from shared.graph.languages import Language
from shared.mail import MailNotSent, MailTemplates, RecipientRefused, SmtpMailer, UnmailableAddress
from subgraphs.user.service import mails
from subgraphs.user.service.mail_languages import MailName
from tests.support.smtp import mail_server

UNMAILABLE = (
    "müller@example.com",
    "jürgen@müller.example.com",
    "\uff41nna@example.com",
    "=?utf-8?q?collab@evil.example=3e=00?=@example.com",
    "=?utf-8?q?collab?=@example.com",
    "=?x?q?collab=40evil.com=3e=20?=foo@example.com",
    "a=?utf-8?b?YQ==?=@example.com",
)
TEMPLATES = MailTemplates("subgraphs.user")


async def write(to: str) -> EmailMessage:
    facts = mails.facts_of(
        mails.Recipient(MailName.RESET, Language.EN, to, None, "key", dt.datetime.now(dt.UTC)),
        mails.NO_LINK,
        dt.timedelta(),
    )
    sender, now = "shop@allpetplus.example", dt.datetime.now(dt.UTC)
    return await TEMPLATES.write("mail", facts, sender=sender, to=to, subject="Hello", name="hello", at=now)


@pytest.mark.parametrize("email", UNMAILABLE)
async def test_an_address_that_cannot_be_mailed_is_refused_and_not_repeated(email: str) -> None:
    checks = Checks()
    assert checks.email("email", email) == ""
    with pytest.raises(Exception, match="not valid") as refused:
        checks.raise_if_any()
    assert [(each.path, each.code) for each in refused.value.fields] == [("input.email", "INVALID_EMAIL")]  # type: ignore[attr-defined]
    with pytest.raises(UnmailableAddress) as failed:
        await write(email)
    said = "".join(traceback.format_exception(failed.value))
    assert not [word for word in (email, "collab", "example.com", "ller") if word in said]


@pytest.mark.parametrize(
    ("email", "stored", "mailed"),
    [
        ("Anna@EXAMPLE.com", "anna@example.com", "anna@example.com"),
        ("o'neil+pets@example.com", "o'neil+pets@example.com", "o'neil+pets@example.com"),
        ("a=b?c@example.com", "a=b?c@example.com", "a=b?c@example.com"),
        ("anna@müller.de", "anna@müller.de", "anna@xn--mller-kva.de"),
        ("anna@xn--mller-kva.de", "anna@müller.de", "anna@xn--mller-kva.de"),
    ],
)
async def test_other_addresses_are_mailed_with_their_domain_in_ascii(email: str, stored: str, mailed: str) -> None:
    checks = Checks()
    assert checks.email("email", email) == stored
    checks.raise_if_any()
    async with mail_server() as (port, received):
        await SmtpMailer(f"smtp://127.0.0.1:{port}").send(await write(stored))
    assert [mail["To"] for mail in received] == [mailed]


@pytest.mark.parametrize("verb", [b"RCPT", b"DATA"])
async def test_what_a_mail_server_says_of_an_address_is_not_repeated(verb: bytes) -> None:
    refusals = {verb: b"550 5.1.1 <anna@example.com>: unknown\r\n"}
    mail = await write("anna@example.com")
    async with mail_server(refusals=refusals) as (port, received):
        with pytest.raises(MailNotSent, match="550") as failed:
            await SmtpMailer(f"smtp://127.0.0.1:{port}").send(mail)
    assert "anna" not in "".join(traceback.format_exception(failed.value))
    assert received == []


ANSWERS = [
    ("RCPT", "550 no such user", True),
    ("RCPT", "551 user not local", True),
    ("RCPT", "553 mailbox name not allowed", True),
    ("RCPT", "550 5.1.1 user unknown", True),
    ("RCPT", "554 5.1.10 null MX", True),
    ("RCPT", "554 5.2.1 mailbox disabled", True),
    ("RCPT", "550 5.7.1 sender is blocked", False),
    ("RCPT", "552 5.2.2 mailbox is full", False),
    ("RCPT", "554 relay access denied", False),
    ("RCPT", "530 authentication required", False),
    ("RCPT", "450 4.1.1 try later", False),
    ("RCPT", "450 5.1.1 try later", False),
    ("MAIL", "550 5.1.1 unknown sender", False),
    ("DATA", "550 5.1.1 no valid recipients", False),
]


@pytest.mark.parametrize(("verb", "answer", "permanent"), ANSWERS)
async def test_only_permanent_answers_about_the_recipient_give_an_address_up(
    verb: str, answer: str, permanent: bool
) -> None:
    mail = await write("anna@example.com")
    async with mail_server(refusals={verb.encode(): f"{answer}\r\n".encode()}) as (port, received):
        with pytest.raises(MailNotSent) as failed:
            await SmtpMailer(f"smtp://127.0.0.1:{port}").send(mail)
    assert (isinstance(failed.value, RecipientRefused), received) == (permanent, [])
