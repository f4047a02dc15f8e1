"""Handles: titles as URLs can hold them."""

import pytest

from shared.core.handles import LONGEST_HANDLE, handle_of, is_handle


@pytest.mark.parametrize(
    ("title", "handle"),
    [
        ("Harbour Stripe Collar", "harbour-stripe-collar"),
        ("Saddler's Leash", "saddler-s-leash"),
        ("  Zoë & Bär: Größe XL ", "zoe-bar-grosse-xl"),
        ("№ 5 — ½ l", "no-5-1-2-l"),
        ("犬猫", ""),
        ("-- --", ""),
        ("x" * 400, "x" * LONGEST_HANDLE),
    ],
)
def test_a_title_becomes_small_letters_digits_and_hyphens(title: str, handle: str) -> None:
    assert handle_of(title) == handle
    assert not handle or is_handle(handle)


@pytest.mark.parametrize("given", ["", "\x00", "a\nb", "x" * (LONGEST_HANDLE + 1), "\ud800"])
def test_what_cannot_be_a_handle_is_told(given: str) -> None:
    assert not is_handle(given)
