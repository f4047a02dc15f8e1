"""Mails about accounts and push messages in the language of who reads them; in English where none is known."""

import datetime as dt
from string import Formatter
from typing import Any

import pytest

from shared.graph.languages import Language, code_of
from shared.mail import MailTemplates
from subgraphs.order.enums import OrderStatus
from subgraphs.user.service.mail_languages import OTHER, TEXTS, MailName, Texts
from subgraphs.user.service.mail_samples import facts_in
from tests.support.accounts import (
    PASSWORD,
    REGISTER,
    VERIFY,
    Account,
    log_in,
    mailed,
    open_account,
    text_of,
    token_in,
    wanted,
)
from tests.support.apps import Served
from tests.user.events import published
from tests.user.test_order_pushes import change, handle, with_device, work, written
from tests.user.test_passwords import ASK

TEMPLATES = MailTemplates("subgraphs.user")
ENGLISH = TEXTS[Language.EN]
OTHERS = [language for language in Language if language is not Language.EN]
SET = """mutation ($version: Int!, $locale: String!) {
  preferencesUpdate(input: { version: $version, locale: $locale }) {
    ... on PreferencesUpdateSuccess { preferences { locale version } } ... on InvalidInputProblem { fields { code } }
  }
}"""


async def speak(user: Served, account: Account, locale: str) -> str:
    """Choose a language, and return the access token that did."""
    token = str((await log_in(user, account))["accessToken"])
    changed = (await user.execute(SET, token, version=1, locale=locale)).data["preferencesUpdate"]
    assert changed == {"preferences": {"locale": locale, "version": 2}}
    return token


def places(text: str) -> list[str]:
    return sorted(name for _, name, _, _ in Formatter().parse(text) if name is not None)


def all_texts(texts: Texts) -> dict[str, str]:
    named: dict[str, str] = {name: getattr(texts, name) for name in ("greeting", "lifetime", "token", "footer")}
    named["passkeys_stay"] = texts.passkeys_stay
    for unit in ("minutes", "hours", "days"):
        named |= {f"{unit}.{place}": text for place, text in enumerate(getattr(texts, unit))}
    for mail, text in texts.mails.items():
        named |= {f"{mail.value}.{place}": line for place, line in enumerate(text.lines)}
        named |= {f"{mail.value}.headline": text.headline, f"{mail.value}.action": text.action}
    return named | {f"push.{status}": title for status, title in texts.pushes.items()}


@pytest.mark.parametrize("language", Language)
def test_each_language_has_every_text_with_its_places(language: Language) -> None:
    texts, english = all_texts(TEXTS[language]), all_texts(ENGLISH)
    assert set(TEXTS[language].mails) == set(MailName)
    assert set(TEXTS[language].pushes) == {OTHER, *(status.value for status in OrderStatus)}
    assert {name: places(text) for name, text in texts.items()} == {
        name: places(text) for name, text in english.items()
    }
    assert [name for name, text in texts.items() if text != text.strip()] == []
    assert [name for name, text in texts.items() if (text == "") != (english[name] == "")] == []


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("mail", MailName)
def test_a_mail_says_nothing_in_another_language(language: Language, mail: MailName) -> None:
    facts = facts_in(mail, language)
    english = {text for text in all_texts(ENGLISH).values() if " " in text and "{" not in text}
    assert len(english) > 40
    for shown in (TEMPLATES.plain("mail", facts), TEMPLATES.html("mail", facts)):
        assert not [text for text in english if text in shown]
    assert f'<html lang="{code_of(language)}"' in TEMPLATES.html("mail", facts)


@pytest.mark.parametrize(
    ("minutes", "said"),
    [(1, "1 minute"), (45, "45 minutes"), (60, "1 hour"), (24 * 60, "24 hours"), (7 * 1440, "7 days")],
)
def test_the_time_that_a_link_has_is_said_in_the_largest_unit(minutes: int, said: str) -> None:
    assert ENGLISH.lasts(dt.timedelta(minutes=minutes)) == f"The link is good for {said}, once."
    german = said.replace("minutes", "Minuten").replace("minute", "Minute").replace("hours", "Stunden")
    german = german.replace("hour", "Stunde").replace("days", "Tage")
    assert TEXTS[Language.DE].lasts(dt.timedelta(minutes=minutes)) == f"Der Link gilt {german}, einmal."


@pytest.mark.parametrize(
    ("locale", "kept", "subject"),
    [
        ("de-AT", "de-AT", "Bestätigen Sie Ihre E-Mail-Adresse"),
        ("nl", "nl", "Bevestig uw e-mailadres"),
        ("pt-BR", "pt-BR", "Verify your e-mail address"),
        (None, "en-GB", "Verify your e-mail address"),
    ],
)
async def test_a_person_who_registers_is_mailed_in_their_language_and_keeps_it(
    user: Served, locale: str | None, kept: str, subject: str
) -> None:
    given: dict[str, Any] = {"locale": locale} | wanted()
    await user.execute(REGISTER, input=given)
    [mail] = await mailed(user, to=given["email"])
    assert mail["Subject"] == subject
    opened = (await user.execute(VERIFY, proof=token_in(mail), password=PASSWORD)).data["emailVerify"]["userId"]
    told = await published(user, opened, "user.created")
    assert told["user.created"] == [{"user_id": opened, "locale": locale}]
    token = str((await log_in(user, Account(opened, given["email"], PASSWORD, "Anna")))["accessToken"])
    assert (await user.execute("{ me { preferences { locale } } }", token)).data["me"]["preferences"]["locale"] == kept


async def test_a_registration_in_no_language_is_refused_and_nobody_is_mailed(user: Served) -> None:
    given = wanted(locale="Deutsch")
    made = (await user.execute(REGISTER, input=given)).data["accountRegister"]
    assert made["fields"] == [{"path": "input.locale", "code": "INVALID_LOCALE"}]
    assert await mailed(user, to=given["email"]) == []


async def test_an_account_is_mailed_in_the_language_that_it_has_now(user: Served) -> None:
    account = await open_account(user)
    await speak(user, account, "fr")
    told = await published(user, account.id, "user.updated")
    assert told["user.updated"][-1]["locale"] == "fr"
    await user.execute(ASK, email=account.email)
    # Somebody who registers with the address in German writes to the account's owner, who reads French.
    await user.execute(REGISTER, input=wanted(email=account.email, locale="de"))
    reset, taken = await mailed(user, to=account.email)
    assert (reset["Subject"], reset["Content-Language"]) == ("Choisissez un nouveau mot de passe", "fr")
    assert text_of(reset).startswith("Bonjour Anna,\n")
    assert "Le lien est valable 1 heure, une seule fois." in text_of(reset)
    assert taken["Subject"] == "Vous avez déjà un compte"


@pytest.mark.parametrize(
    ("locale", "title"), [("de", "Ihre Zahlung ist eingegangen"), ("pt", "Your payment has arrived")]
)
async def test_a_push_message_has_a_title_in_the_language_of_its_owner(user: Served, locale: str, title: str) -> None:
    account = await open_account(user)
    await speak(user, account, locale)
    await with_device(user, account)
    event = change(account.id)
    await work(user, await handle(user, event))
    assert [message["title"] for message in written(user, event.order_id)] == [title]


def test_a_status_without_a_title_of_its_own_has_the_general_one() -> None:
    assert TEXTS[Language.NL].push_title("LOST_AT_SEA") == "Er is nieuws over uw bestelling"
