"""Texts: what cannot be seen or changes the direction is refused, and what a language needs is kept."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.core.characters import has_hidden, shows_nothing, without_hidden
from shared.core.errors import InvalidInput
from shared.core.validation import Checks
from subgraphs.webhook.service.translation.payload import text as text_of_a_shop

NEEDED = [
    "Zoë",
    "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
    "\u0647\u200d",
    "क\u094d\u200dष",
    "ක්\u200dර",
    "അവന്\u200d",
    "അവന്\u200d വന്നു",
    "👩\u200d👩\u200d👧",
    "👨🏽\u200d💻",
    "🏳️\u200d🌈",
    "❤️\u200d🔥",
    "🙂\u200d↔️",
    "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
    "\u0601\u06f1\u06f2",
    "שלום",
    "葛\U000e0100城",
    "☕️",
    "1️⃣",
    "한국어",
    "e\u0301",
]
HIDDEN = ["\u200b", "\u200e", "\u200f", "\u202a", "\u202e", "\u2060", "\u2066", "\u2069", "\ufeff", "\u00ad", "\u061c"]
HIDDEN += ["\u2063", "\ufff9", "\U000e0041", "\U000e0001", "\U0001d173", "\U0001bca0"]
MISPLACED = [
    "\u200dRex",
    "Rex\u200d",
    "Rex\u200c",
    "Re\u200d\u200dx",
    "Rex \u200d Max",
    "👩\u200d",
    "\U0001f3f4\U000e0067",
]
EMPTY = [
    "\u200b",
    "\u200d\u200d",
    "\ufe0f",
    "\u3164",
    "\u115f\u1160",
    "\u2800",
    "\u2800 \u2800",
    "\u034f",
    "\uffa0",
    "\u17b4",
]


def codes(value: str, *, lines: bool) -> list[str]:
    checks = Checks()
    if lines:
        checks.paragraphs("name", value, longest=200)
    else:
        checks.text("name", value, shortest=0)
    try:
        checks.raise_if_any()
    except InvalidInput as error:
        return [field.code for field in error.fields]
    return []


@pytest.mark.parametrize("lines", [False, True])
@pytest.mark.parametrize("value", NEEDED)
def test_what_a_language_needs_is_kept(value: str, *, lines: bool) -> None:
    assert codes(value, lines=lines) == []
    assert without_hidden(f"a {value} b") == f"a {value} b"
    assert text_of_a_shop(value) == Checks().text("name", value)


@pytest.mark.parametrize("lines", [False, True])
@pytest.mark.parametrize("value", [*[f"Re{each}x" for each in HIDDEN], *HIDDEN, *MISPLACED, *EMPTY])
def test_what_cannot_be_seen_is_refused(value: str, *, lines: bool) -> None:
    assert codes(value, lines=lines) == ["INVISIBLE_CHARACTER"]


@pytest.mark.parametrize("end", ["\u2028", "\u2029", "\u0085"])
def test_other_line_breaks_are_control_characters(end: str) -> None:
    for lines in (False, True):
        assert codes(f"a{end}b", lines=lines) == ["CONTROL_CHARACTER"]


@pytest.mark.parametrize("value", [*HIDDEN, *EMPTY])
def test_what_a_shop_reports_is_shown_without_hidden_characters(value: str) -> None:
    assert text_of_a_shop(value) is None
    assert text_of_a_shop("Re\u202ex \u200b Max") == "Rex Max"


@given(st.text())
def test_nothing_hidden_is_left(value: str) -> None:
    shown = without_hidden(value)
    assert set(shown) <= set(value)
    assert not has_hidden(shown)


def test_an_empty_text_is_not_one_that_shows_nothing() -> None:
    assert not shows_nothing("")
