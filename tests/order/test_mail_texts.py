"""Mails about orders: each text renders in every case, says what is true, and shows names as names."""

import datetime as dt
import itertools
from dataclasses import replace
from email.message import EmailMessage
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.graph.languages import Language
from shared.graph.money import CurrencyCode
from shared.mail import MailTemplates
from subgraphs.order.enums import OrderStatus, ShipmentStatus
from subgraphs.order.service.mail_languages import TEXTS, OrderMailKind
from subgraphs.order.service.mail_samples import ORDER, PARCELS
from subgraphs.order.service.mail_texts import MailedOrder, MailedParcel, facts_of, mail_kind_of, shown_in, subject_of
from tests.order.mails import html_of, text_of

TEMPLATES = MailTemplates("subgraphs.order")
STATUSES = [None, *OrderStatus]
NASTY = (
    "Anna\r\nBcc: everybody@example.com",
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "{{ number }} {% raw %}",
    "ש" * 40 + " \u202e123",
    "x" * 5000,
    "a\u2028b\u2029c\x00d\x1b[2J",
)


async def write(kind: OrderMailKind, order: MailedOrder) -> EmailMessage:
    return await TEMPLATES.write(
        "status",
        facts_of(kind, order),
        sender="Shop <shop@allpetplus.example>",
        to="anna@example.com",
        subject=subject_of(kind, order),
        name="mail",
        at=dt.datetime.now(dt.UTC),
        unsubscribe=order.unsubscribe,
    )


@pytest.mark.parametrize("kind", OrderMailKind)
def test_each_text_renders_in_every_case(kind: OrderMailKind) -> None:
    cases = itertools.product(
        (None, "Anna"),
        (True, False),
        (0, 1000, ORDER.total_minor),
        ((), PARCELS[:1], PARCELS),
        (None, "Why"),
        (None, "https://x"),
    )
    for recipient, has_account, refunded, parcels, reason, unsubscribe in cases:
        for is_paid in (True, False):
            order = replace(
                ORDER,
                recipient=recipient,
                has_account=has_account,
                refunded_minor=refunded,
                parcels=parcels,
                reason=reason,
                unsubscribe=unsubscribe,
                is_paid=is_paid,
            )
            facts = facts_of(kind, order)
            for shown in (TEMPLATES.plain("status", facts), TEMPLATES.html("status", facts)):
                assert order.number in shown
                assert TEXTS[Language.EN].mails[kind].headline in shown
                assert "107.20 EUR" in shown
                assert ("in your account's preferences" in unescape(shown)) == has_account
                assert ("https://x" in shown) == (unsubscribe is not None)


def test_each_step_of_an_order_is_some_news() -> None:
    found = {mail_kind_of(was, now) for was in STATUSES for now in OrderStatus}
    assert found <= set(OrderMailKind)
    assert {mail_kind_of(None, now) for now in OrderStatus} == {OrderMailKind.PLACED}
    assert mail_kind_of(OrderStatus.PAID, OrderStatus.PAID) is OrderMailKind.PARTIALLY_REFUNDED
    assert mail_kind_of(OrderStatus.ON_HOLD, OrderStatus.PAID) is OrderMailKind.RESUMED
    assert mail_kind_of(OrderStatus.RETURNED, OrderStatus.IN_PRODUCTION) is OrderMailKind.MADE_AGAIN
    assert mail_kind_of(OrderStatus.REFUNDED, OrderStatus.CANCELLED) is OrderMailKind.REFUND_FAILED


LIVE, LABEL = MailedParcel("DHL", "1"), MailedParcel("DHL", "2", status=ShipmentStatus.LABEL_CREATED)
LOST = MailedParcel("DHL", "3", status=ShipmentStatus.LOST, superseded=True)
BACK = MailedParcel("DHL", "4", status=ShipmentStatus.RETURNED, superseded=True)
GIVEN_UP = MailedParcel("DHL", "5", superseded=True)


@pytest.mark.parametrize(
    ("was", "now", "parcels", "expected"),
    [
        ("SHIPPED", "IN_PRODUCTION", [LOST], "MADE_AGAIN_LOST"),
        ("RETURNED", "IN_PRODUCTION", [BACK], "MADE_AGAIN_RETURNED"),
        ("RETURNED", "IN_PRODUCTION", [BACK, LOST], "MADE_AGAIN_LOST"),
        ("DELIVERED", "IN_PRODUCTION", [GIVEN_UP], "MADE_AGAIN"),
        ("PAID", "IN_PRODUCTION", [], "IN_PRODUCTION"),
        ("IN_PRODUCTION", "SHIPPED", [LOST, LIVE], "SENT_AGAIN"),
        ("RETURNED", "SHIPPED", [BACK, LIVE], "SENT_AGAIN"),
        ("DELIVERED", "SHIPPED", [GIVEN_UP, LIVE], "SENT_AGAIN"),
        ("DELIVERED", "SHIPPED", [LIVE], "SHIPPED"),
        ("IN_PRODUCTION", "SHIPPED", [LIVE], "SHIPPED"),
        ("PARTIALLY_SHIPPED", "SHIPPED", [LOST, LIVE], "SHIPPED"),
    ],
)
def test_what_is_made_or_sent_again_is_told_with_its_cause(
    was: str, now: str, parcels: list[MailedParcel], expected: str
) -> None:
    assert mail_kind_of(OrderStatus(was), OrderStatus(now), parcels).value == expected


@pytest.mark.parametrize(
    ("status", "parcels", "expected"),
    [
        ("SHIPPED", [LOST, LIVE], "SENT_AGAIN"),
        ("PARTIALLY_SHIPPED", [LOST, LIVE, LABEL], "SENT_AGAIN"),
        ("PARTIALLY_SHIPPED", [LIVE, LABEL], "PARTIALLY_SHIPPED"),
        ("DELIVERED", [LIVE], "SHIPPED"),
    ],
)
def test_a_parcel_that_changes_no_status_is_told_as_what_it_is(
    status: str, parcels: list[MailedParcel], expected: str
) -> None:
    reached = OrderStatus(status)
    assert mail_kind_of(reached, reached, parcels, of_parcel=True).value == expected


def test_a_mail_shows_the_parcels_that_it_is_about() -> None:
    every = [LIVE, LABEL, LOST, BACK, GIVEN_UP]
    assert shown_in(OrderMailKind.PARTIALLY_SHIPPED, every) == [LIVE]
    assert shown_in(OrderMailKind.SENT_AGAIN, every) == shown_in(OrderMailKind.SHIPPED, every) == [LIVE, LABEL]
    assert shown_in(OrderMailKind.RETURNED, every) == [BACK]
    # The carrier may report the whole order, and no parcel.
    assert shown_in(OrderMailKind.RETURNED, [LIVE]) == [LIVE]


def test_no_mail_promises_a_refund_and_each_tells_what_is_held() -> None:
    for kind in OrderMailKind:
        text = TEMPLATES.plain("status", facts_of(kind, ORDER)).lower()
        assert not [
            word for word in ("will refund", "on its way back.", "money is on its way", "we refund") if word in text
        ]
    half = replace(ORDER, refunded_minor=1000)
    for kind in (OrderMailKind.CANCELLED, OrderMailKind.RETURNED):
        assert "97.20 EUR of it has not been refunded" in TEMPLATES.plain("status", facts_of(kind, half))
        for settled in (replace(ORDER, is_paid=False), replace(ORDER, refunded_minor=ORDER.total_minor)):
            assert "not been refunded" not in TEMPLATES.plain("status", facts_of(kind, settled))


def test_each_parcel_has_its_carrier_its_number_and_its_link_on_lines_of_their_own() -> None:
    text = TEMPLATES.plain("status", facts_of(OrderMailKind.SHIPPED, ORDER))
    first = "Parcel 1 with DHL\nTracking number: 00340434161094042557\nhttps://track.example/00340434161094042557\n\n"
    assert f"\n\n{first}Parcel 2 with Austrian Post\nTracking number: 1009876543210\n\n2 x Collar" in text
    bare = replace(ORDER, parcels=[MailedParcel("", "", None)])
    assert "\n\nParcel\n\n2 x Collar" in TEMPLATES.plain("status", facts_of(OrderMailKind.SHIPPED, bare))
    for kind in (OrderMailKind.PLACED, OrderMailKind.IN_PRODUCTION, OrderMailKind.DELIVERED, OrderMailKind.CANCELLED):
        assert "Parcel" not in TEMPLATES.plain("status", facts_of(kind, ORDER))


def test_the_lines_of_a_mail_add_up_to_its_total() -> None:
    facts = facts_of(
        OrderMailKind.REFUNDED, replace(ORDER, refunded_minor=10_720, lines=((2, "Collar", 4980), (1, "Leash", 3950)))
    )
    assert facts["sums"] == [
        ("Discount", "-5.00 EUR"),
        ("Shipping", "4.90 EUR"),
        ("Tax", "18.00 EUR"),
        ("Total", "107.20 EUR"),
        ("Refunded", "107.20 EUR"),
    ]
    assert ORDER.total_minor == 4980 + 3950 - 500 + 490 + 1800


def test_amounts_of_a_mail_have_the_decimals_of_their_currency() -> None:
    facts = facts_of(OrderMailKind.PLACED, replace(ORDER, currency=CurrencyCode.JPY, lines=((2, "Collar", 4980),)))
    assert facts["lines"] == [{"quantity": 2, "title": "Collar", "price": "4,980 JPY"}]
    assert facts["sums"][-1] == ("Total", "10,720 JPY")  # type: ignore[index]


@pytest.mark.parametrize("nasty", NASTY)
async def test_names_from_outside_stay_names(nasty: str) -> None:
    parcel = MailedParcel(nasty, nasty, "javascript:alert(1)")
    order = replace(ORDER, recipient=nasty, lines=((1, nasty, 100),), parcels=[parcel], reason=nasty)
    plain = await write(
        OrderMailKind.SHIPPED, replace(ORDER, recipient="Anna", lines=((1, "Leash", 100),), parcels=[parcel])
    )
    mail = await write(OrderMailKind.SHIPPED, order)
    assert mail.keys() == plain.keys()
    assert mail["To"] == "anna@example.com"
    text, html = text_of(mail), html_of(mail)
    lines = text.split("\n")
    assert lines[0].startswith("Hello ")
    assert [line for line in lines if line.startswith(("Bcc", "{"))] == []
    assert not set("\x00\x1b\u2028\u2029\u202e") & set(text + html)
    assert not [tag for tag in ("<script", "<img", "javascript:") if tag in html]
    assert max(map(len, bytes(mail).split(b"\n"))) <= 998


@given(st.text(max_size=300))
def test_a_name_never_makes_a_line(name: str) -> None:
    order = replace(ORDER, recipient=name or None, lines=((1, name, 100),), parcels=(), reason=None)
    known = replace(ORDER, recipient="Anna", lines=((1, "Leash", 100),), parcels=(), reason=None)
    shown, expected = (TEMPLATES.plain("status", facts_of(OrderMailKind.PAID, each)) for each in (order, known))
    assert len(shown.splitlines()) == len(expected.splitlines())


def test_a_title_that_is_read_from_right_to_left_does_not_move_its_price() -> None:
    order = replace(ORDER, lines=((1, "אבג", 4980),))
    facts = facts_of(OrderMailKind.PAID, order)
    assert "1 x \u2068אבג\u2069: 49.80 EUR" in TEMPLATES.plain("status", facts)
    assert "<bdi>אבג</bdi>" in TEMPLATES.html("status", facts)


def test_html_loads_nothing_and_is_read_aloud() -> None:
    html = TEMPLATES.html("status", facts_of(OrderMailKind.SHIPPED, ORDER))
    assert not [word for word in ("<img", "<link", "src=", "url(", "@import", "<script") if word in html]
    assert '<html lang="en"' in html
    assert "prefers-color-scheme: dark" in html
    assert html.count('scope="row"') == 4
