"""Signed quotes: read back as they were signed, and refused where anything of them is not ours."""

import re
import string
import time
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.core import base64url
from shared.security.quotes import LONGEST_TOKEN, ExpiredQuote, InvalidQuote, Quote, QuoteSigner

SIGNER = QuoteSigner(b"a key" * 7)
LATER = int(time.time()) + 10 * 365 * 86_400
COLLAR = Quote(
    subject="design",
    subject_id="des_1",
    version=3,
    product="COLLAR",
    title="Custom Collar",
    owner_id="usr_1",
    currency="EUR",
    unit_price_minor=2490,
    quantity_breaks=((3, 5), (10, 10)),
    grams=95,
    expires_at=LATER,
)
AMOUNTS = st.integers(0, 2**53)
QUOTES = st.builds(
    Quote,
    subject=st.sampled_from(["design", "preset"]),
    subject_id=st.text(max_size=40),
    version=AMOUNTS,
    product=st.text(string.ascii_uppercase, max_size=20),
    title=st.text(max_size=200),
    owner_id=st.none() | st.text(max_size=40),
    currency=st.sampled_from(["EUR", "JPY"]),
    unit_price_minor=AMOUNTS,
    quantity_breaks=st.lists(st.tuples(AMOUNTS, st.integers(1, 50)), max_size=5).map(tuple),
    grams=AMOUNTS,
    expires_at=st.integers(LATER, LATER + 1000),
)


@given(QUOTES)
def test_a_quote_is_read_as_it_was_signed(quote: Quote) -> None:
    token = SIGNER.sign(quote)
    assert SIGNER.read(token) == quote
    assert len(token) <= LONGEST_TOKEN
    assert re.fullmatch("[0-9A-Za-z_.-]+", token)


@given(QUOTES, st.data())
def test_a_token_with_another_character_anywhere_is_none_of_ours(quote: Quote, data: st.DataObject) -> None:
    token = SIGNER.sign(quote)
    place = data.draw(st.integers(0, len(token) - 1))
    other = data.draw(st.characters().filter(lambda it: it != token[place]))
    with pytest.raises(InvalidQuote):
        SIGNER.read(token[:place] + other + token[place + 1 :])


@given(st.text(max_size=60))
def test_any_other_text_is_none_of_ours(text: str) -> None:
    with pytest.raises(InvalidQuote):
        SIGNER.read(text)


def test_the_quote_of_another_installation_is_none_of_ours() -> None:
    with pytest.raises(InvalidQuote):
        SIGNER.read(QuoteSigner(b"another key" * 3).sign(COLLAR))


def test_a_quote_ends_when_it_says() -> None:
    with pytest.raises(ExpiredQuote):
        SIGNER.read(SIGNER.sign(replace(COLLAR, expires_at=int(time.time()))))
    assert SIGNER.read(SIGNER.sign(replace(COLLAR, expires_at=int(time.time()) + 600))).subject_id == "des_1"


def test_a_quote_with_the_fields_of_another_version_is_refused() -> None:
    content = base64url.encode(b'{"subject":"design"}')
    with pytest.raises(InvalidQuote):
        SIGNER.read(f"{content}.{SIGNER._signature(content)}")
