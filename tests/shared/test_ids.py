"""Identifiers: typed by prefix, ordered by time."""

import datetime as dt
import random

from hypothesis import given
from hypothesis import strategies as st

from shared.core.ids import encode, id_at, is_id, new_id

MOMENTS = st.datetimes(dt.datetime(1971, 1, 1), dt.datetime(2200, 1, 1), timezones=st.just(dt.UTC))  # noqa: DTZ001


def test_encoding_agrees_with_the_published_vectors() -> None:
    assert encode("prefix", 0x0188BAC74AFA78AA_BC3BBD1EEF28D881) == "prefix_01h2xcejqtf2nbrexx3vqjhp41"
    assert encode("a", 2**128 - 1) == "a_7zzzzzzzzzzzzzzzzzzzzzzzzz"


def test_new_ids_have_the_form_of_their_type() -> None:
    made = {new_id("ord") for _ in range(1000)}
    assert len(made) == 1000
    assert all(is_id("ord", key) and not is_id("usr", key) for key in made)


@given(MOMENTS, MOMENTS, st.integers())
def test_ids_sort_by_their_moment(one: dt.datetime, other: dt.datetime, seed: int) -> None:
    rng = random.Random(seed)
    if int(one.timestamp() * 1000) < int(other.timestamp() * 1000):
        assert id_at("ord", one, rng) < id_at("ord", other, rng)


@given(st.one_of(st.none(), st.integers(), st.text(), st.text().map(lambda text: f"ord_{text}")))
def test_nothing_else_passes_for_an_id(value: object) -> None:
    assert not is_id("ord", value)
