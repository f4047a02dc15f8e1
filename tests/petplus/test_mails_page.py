"""The page of all mails: each text of the code is on it, as the templates write it, with a small picture."""

import re

import pytest

from petplus.generated import mails_page
from petplus.generated.mails_page import DOCS, FILE, PICTURES, samples
from shared.graph.languages import Language
from subgraphs.order.enums import OrderStatus
from subgraphs.order.service.mail_languages import TEXTS, OrderMailKind
from subgraphs.order.service.mail_texts import RULES as OF_ORDERS
from subgraphs.order.service.mail_texts import mail_kind_of
from subgraphs.user.service.job_types import MailKind
from subgraphs.user.service.mail_languages import MailName
from subgraphs.user.service.mails import RULES as OF_ACCOUNTS
from tools.mail_pictures import LARGEST

PNG = b"\x89PNG\r\n\x1a\n"
NAMES = [sample.name for _, sample in samples()]


def test_every_mail_is_on_the_page_with_when_it_is_sent() -> None:
    assert len(NAMES) == len(set(NAMES)) == len(OrderMailKind) + len(MailName)
    assert (set(OF_ORDERS), set(OF_ACCOUNTS)) == (set(OrderMailKind), set(MailName))
    assert {mail_kind_of(OrderStatus.PAID, status) for status in OrderStatus} <= set(OrderMailKind)
    assert len(MailName) >= len(MailKind)
    page = FILE.read_text(encoding="utf-8")
    assert re.findall(r"^### (.*)$", page, re.MULTILINE) == NAMES
    assert [sample.name for _, sample in samples() if not sample.when] == []


def test_the_page_is_what_the_templates_write(monkeypatch: pytest.MonkeyPatch) -> None:
    assert FILE.read_text(encoding="utf-8") == mails_page.text()
    texts = TEXTS[Language.EN].mails
    monkeypatch.setitem(texts, OrderMailKind.PAID, texts[OrderMailKind.PLACED])
    assert FILE.read_text(encoding="utf-8") != mails_page.text()


def test_pictures_are_small_and_of_mails_that_exist() -> None:
    pictures = sorted(PICTURES.iterdir())
    assert {picture.stem for picture in pictures} <= set(NAMES)
    assert [picture.name for picture in pictures if picture.stat().st_size > LARGEST] == []
    assert {picture.read_bytes()[:8] for picture in pictures} == {PNG}
    shown = re.findall(r"!\[.*\]\((.*)\)", FILE.read_text(encoding="utf-8"))
    assert sorted(DOCS / path for path in shown) == pictures
