"""E-mail addresses have one form: for accounts, orders, look-ups, and the digests by which people are erased."""

import orjson
import pytest

from shared.core.email_addresses import normal_email
from shared.core.settings import Settings
from shared.core.validation import Checks
from shared.security.pseudonyms import Pseudonymizer

SAME = [
    ("pat@bücher.example", "pat@xn--bcher-kva.example"),
    ("pat@bücher.example", " Pat@BÜCHER.example "),
    ("pat@bücher.example", "PAT@XN--BCHER-KVA.EXAMPLE"),
    ("pat@bücher.example", "pat@bu\u0308cher.example"),
    ("o'brien+dogs@example.com", "O'Brien+Dogs@Example.com"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_spellings_of_an_address_have_one_form_and_one_digest(one: str, other: str) -> None:
    digests, checks = Pseudonymizer(Settings()), Checks()
    assert normal_email(other) == one == checks.email("email", other)
    assert digests.of_email(one) == digests.of_email(other)


@pytest.mark.parametrize("text", ["", "pat", "Jürgen@example.com", "a@b@c", "pat@xn--\u00e9.example"])
def test_what_is_no_address_is_only_trimmed_and_in_lower_case(text: str) -> None:
    assert normal_email(f" {text} ") == text.lower()


ADDRESSES = ["o'brien.x@example.com", "pat@bücher.example", "pat@xn--bcher-kva.example", "a+b=c@example.com"]
PLACES = ["{}", "From {}.", "<{}>", "'{}'", "mailto:{}", '"{}"', "a@x.example,{};b@x.example", "It's {}'s"]


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("place", PLACES)
def test_an_address_is_found_wherever_it_stands_in_a_body(address: str, place: str) -> None:
    digests = Pseudonymizer(Settings())
    for document in ({"note": [place.format(address)]}, {place.format(address): 1}):
        assert digests.of_email(address) in digests.within(orjson.dumps(document))
    assert digests.of_email(address) in digests.within(place.format(address).encode())
