"""Mails about orders in the language of who reads them: complete in each, and English where none is known."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from string import Formatter

import pytest

from shared.graph.languages import Language, code_of
from shared.mail import MailTemplates
from subgraphs.order.service.mail_languages import TEXTS, OrderMailKind, Texts, Words
from subgraphs.order.service.mail_samples import ORDER
from subgraphs.order.service.mail_texts import facts_of, subject_of
from subgraphs.user.events import UserCreated, UserDeleted, UserUpdated
from tests.order.carts import cart_operation, ready_cart
from tests.order.factories import place
from tests.order.facts import receive
from tests.order.mails import html_of, mails_of, text_of
from tests.support.apps import Served
from tests.webhook.public_door import Door
from tests.webhook.shop_orders import ShopOrder

ENGLISH = TEXTS[Language.EN]
OTHERS = [language for language in Language if language is not Language.EN]
TEMPLATES = MailTemplates("subgraphs.order")
PLACED = {"en": "We have your order", "de": "Wir haben Ihre Bestellung", "fr": "Nous avons votre commande"}


def places(text: str) -> list[str]:
    return sorted(name for _, name, _, _ in Formatter().parse(text) if name is not None)


def all_texts(texts: Texts) -> dict[str, str]:
    named = {f"words.{name}": text for name, text in texts.words.model_dump().items()}
    for kind, mail in texts.mails.items():
        named[f"{kind.value}.headline"] = mail.headline
        named |= {f"{kind.value}.{place}": text for place, text in enumerate(mail.paragraphs)}
    return named


@pytest.mark.parametrize("language", Language)
def test_each_language_has_every_text_with_its_places(language: Language) -> None:
    texts, english = all_texts(TEXTS[language]), all_texts(ENGLISH)
    assert set(TEXTS[language].mails) == set(OrderMailKind)
    assert texts.keys() == english.keys()
    assert [name for name, text in texts.items() if text != text.strip() or not text] == []
    assert {name: places(text) for name, text in texts.items()} == {
        name: places(text) for name, text in english.items()
    }
    labels = ("discount", "shipping", "tax", "total", "refunded")
    assert len({getattr(TEXTS[language].words, label) for label in labels}) == len(labels)


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("kind", OrderMailKind)
def test_a_mail_says_nothing_in_another_language(language: Language, kind: OrderMailKind) -> None:
    order = replace(ORDER, language=language, refunded_minor=1000, reason="Why")
    shown = TEMPLATES.plain("status", facts_of(kind, order)), TEMPLATES.html("status", facts_of(kind, order))
    # A word may be the same in both.
    english = set(all_texts(ENGLISH).values()) - set(all_texts(TEXTS[language]).values())
    phrases = {text for text in english if " " in text and "{" not in text}
    assert len(phrases) > 30
    for text in (*shown, subject_of(kind, order)):
        assert not [phrase for phrase in phrases if phrase in text]
    headline = TEXTS[language].mails[kind].headline
    assert all(headline in text for text in (*shown, subject_of(kind, order)))
    assert f'<html lang="{code_of(language)}"' in shown[1]


@pytest.mark.parametrize(
    ("language", "amount"),
    [("EN", "1,234,567.50"), ("DE", "1.234.567,50"), ("NL", "1.234.567,50"), ("FR", "1 234 567,50")],
)
def test_amounts_have_the_marks_of_the_language(language: str, amount: str) -> None:
    order = replace(ORDER, language=Language[language], total_minor=123_456_750)
    assert TEXTS[Language[language]].in_marks(Decimal("1234567.50")) == amount
    for render in (TEMPLATES.plain, TEMPLATES.html):
        assert f"{amount} EUR" in render("status", facts_of(OrderMailKind.PAID, order))


def test_words_of_the_parts_of_an_order_are_in_its_language() -> None:
    text = TEMPLATES.plain("status", facts_of(OrderMailKind.SHIPPED, replace(ORDER, language=Language.FR)))
    assert "Colis 1 avec DHL\nNuméro de suivi : 00340434161094042557" in text
    assert "\nRemise : -5,00 EUR\nLivraison : 4,90 EUR\nTaxes : 18,00 EUR\nTotal : 107,20 EUR\n" in text
    assert text.startswith("Bonjour Anna Muster,\n")
    assert set(Words.model_fields) >= {"discount", "shipping", "tax", "total"}


async def subjects(order: Served, order_id: str, directory: Path) -> list[str]:
    """Return the subject of each new mail, after a look at its parts."""
    found = []
    for mail in await mails_of(order, order_id, directory):
        language = Language[mail["Content-Language"].upper()]
        assert text_of(mail).startswith(TEXTS[language].greeting)
        assert f'<html lang="{code_of(language)}"' in html_of(mail)
        found.append(mail["Subject"].rpartition(":")[0].strip())
    return found


@pytest.mark.parametrize(("locale", "language"), [("de-AT", "de"), ("fr", "fr"), ("pt-BR", "en"), ("en-GB", "en")])
async def test_a_customer_is_mailed_in_the_language_that_they_chose(
    order: Served, customer_id: str, tmp_path: Path, locale: str, language: str
) -> None:
    await receive(order, UserUpdated(user_id=customer_id, fields=["locale"], locale=locale))
    # What they chose goes before what the checkout was read in.
    placed = await place(order, customer_id, locale="nl")
    assert await subjects(order, placed.id, tmp_path) == [PLACED[language]]


async def test_a_choice_of_language_keeps_the_choice_of_mails_and_the_other_way_round(
    order: Served, customer_id: str, tmp_path: Path
) -> None:
    placed = await place(order, customer_id)
    await receive(order, UserUpdated(user_id=customer_id, fields=["order_emails"], order_emails=False))
    await receive(order, UserUpdated(user_id=customer_id, fields=["locale"], locale="de"))
    assert await subjects(order, placed.id, tmp_path) == []
    again = await place(order, customer_id)
    await receive(order, UserUpdated(user_id=customer_id, fields=["order_emails"], order_emails=True))
    assert await subjects(order, again.id, tmp_path) == [PLACED["de"]]


async def test_who_registered_in_a_language_is_mailed_in_it_until_they_are_forgotten(
    order: Served, customer_id: str, tmp_path: Path
) -> None:
    await receive(order, UserCreated(user_id=customer_id, locale="fr-BE"))
    placed = await place(order, customer_id)
    assert await subjects(order, placed.id, tmp_path) == [PLACED["fr"]]
    await receive(order, UserDeleted(user_id=customer_id))
    async with order.database.read() as connection:
        kept = await connection.exec_driver_sql(
            "SELECT count(*) FROM customer_preference WHERE customer_id = $1", (customer_id,)
        )
        assert kept.scalar_one() == 0


@pytest.mark.parametrize(("locale", "language"), [("de-CH", "de"), ("pt", "en"), (None, "en")])
async def test_a_guest_is_mailed_in_the_language_of_the_checkout(
    order: Served, tmp_path: Path, locale: str | None, language: str
) -> None:
    cart, named = await ready_cart(order, None)
    given = {"version": cart["version"], "locale": locale}
    done = await cart_operation(order, None, "checkoutComplete", **named, **given)
    assert await subjects(order, done["order"]["id"], tmp_path) == [PLACED[language]]


async def test_a_checkout_in_no_language_is_refused_and_orders_nothing(order: Served) -> None:
    cart, named = await ready_cart(order, None)
    given = {"version": cart["version"], "locale": "German"}
    refused = await cart_operation(order, None, "checkoutComplete", **named, **given)
    assert refused["fields"] == [{"path": "input.locale", "code": "INVALID_LOCALE"}]
    async with order.database.read() as connection:
        placed = await connection.exec_driver_sql("SELECT count(*) FROM order_meta WHERE cart_id = $1", (cart["id"],))
        assert placed.scalar_one() == 0


@pytest.mark.parametrize(
    ("reported", "kept"), [("de-DE", "de-DE"), ("fr", "fr"), ("zh-Hant-TW", "zh"), ("", None), (7, None), (None, None)]
)
async def test_another_shop_reports_the_language_of_its_customer(
    webhook: Served, order: Served, reported: object, kept: str | None
) -> None:
    sold = ShopOrder()
    await Door(webhook, order).shopify("orders/create", sold.told(customer_locale=reported))
    async with order.database.read() as connection:
        found = await connection.exec_driver_sql(
            "SELECT locale FROM order_meta WHERE external_id = $1", (sold.external_id,)
        )
        assert found.scalar_one() == kept
