"""Answers of no authenticator: bits that are flipped, bytes, JSON and CBOR of any kind. Each is refused with a code."""

import json
from collections.abc import AsyncIterator
from typing import Any

import cbor2
import pytest_asyncio
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.core import base64url
from subgraphs.user.service import passkey_login
from tests.support.accounts import log_in, open_account
from tests.support.apps import Served
from tests.support.authenticator import Authenticator, tampered
from tests.support.properties import examples
from tests.user.passkeys import login, login_options, passkeys_of, register, start, with_passkey
from tests.user.test_passkey_login import state

MANY = settings(max_examples=examples(100), deadline=None, suppress_health_check=list(HealthCheck))
SIGNED = st.sampled_from(["clientDataJSON", "authenticatorData", "signature", "userHandle"])
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
CBOR: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.binary(max_size=80) | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.integers(-4, 4) | st.text(max_size=8), inner),
    max_leaves=8,
)
BOMBS = (
    b"\x9b" + b"\xff" * 8,  # an array of 2^64 - 1
    b"\x5b" + b"\x7f" + b"\xff" * 7,  # a byte string of nearly 2^63
    b"\x81" * 4000 + b"\x00",  # 4,000 arrays in one another
    b"\xa1" * 4000,  # maps
    b"\xd8\x1c" * 2000 + b"\x80",  # shared values
    b"\xd8\x1d\x00",  # a reference to nothing
    b"\xc5\x82\x1a\x7f\xff\xff\xff\x01",  # 2 to the power of 2^31
    b"\xc4\x82\x1a\x7f\xff\xff\xff\x01",  # 10 to the power of 2^31
    b"\xd8\x23\x78\x0e(a+)+(a+)+(a+)+",  # a regular expression
    b"\xd8\x1e\x82\x01\x00",  # one by zero
    b"\xc0\x78\x04 now",  # a time that is none
    b"\xa2\x01\x02\x01\x03",  # a key twice
    b"\xff",
    b"",
)


@pytest_asyncio.fixture(autouse=True, scope="module")
async def unlimited(user: Served) -> AsyncIterator[None]:
    """Let one address try as often as these tests do."""
    kept, most = user.runtime.resources.get(passkey_login.PasskeyLogin), passkey_login.MOST_BY_ADDRESS
    passkey_login.MOST_BY_ADDRESS = 10**6
    user.runtime.resources[passkey_login.PasskeyLogin] = passkey_login.PasskeyLogin(user.runtime)
    yield
    passkey_login.MOST_BY_ADDRESS = most
    user.runtime.resources.pop(passkey_login.PasskeyLogin)
    if kept is not None:
        user.runtime.resources[passkey_login.PasskeyLogin] = kept


@pytest_asyncio.fixture(scope="module")
async def owner(user: Served) -> Any:
    """An account with a passkey: the account, a token, and the authenticator."""
    return await with_passkey(user)


@MANY
@given(field=SIGNED, place=st.integers(0, 10**6), bit=st.integers(0, 7))
async def test_any_flipped_bit_is_refused_and_begins_nothing(
    user: Served, owner: Any, field: str, place: int, bit: int
) -> None:
    account, _, authenticator = owner
    answer = authenticator.get(await login_options(user))
    content = bytearray(base64url.decode(json.loads(answer)["response"][field]))
    content[place % len(content)] ^= 1 << bit
    before = await state(user, account)
    refused = await login(user, tampered(answer, "response", field, value=base64url.encode(bytes(content))))
    assert refused["code"] in {"WRONG_PASSKEY", "CHALLENGE_EXPIRED", "INVALID_INPUT"}
    assert await state(user, account) == before
    # It was not good in other ways too.
    assert (await login(user, answer))["__typename"] == "PasskeyLoginSuccess"


@MANY
@given(
    path=st.sampled_from(
        [
            ("id",),
            ("rawId",),
            ("type",),
            ("response",),
            ("authenticatorAttachment",),
            ("response", "clientDataJSON"),
            ("response", "authenticatorData"),
            ("response", "signature"),
            ("response", "userHandle"),
        ]
    ),
    value=VALUES,
)
async def test_any_other_value_in_an_answer_is_refused_with_a_code(
    user: Served, owner: Any, path: tuple[str, ...], value: Any
) -> None:
    account, _, authenticator = owner
    answer = authenticator.get(await login_options(user))
    before = await state(user, account)
    result = await login(user, tampered(answer, *path, value=value))
    if path == ("authenticatorAttachment",) and not isinstance(value, str):
        assert result["__typename"] == "PasskeyLoginSuccess"  # a hint that nobody signs
    else:
        assert result["code"] in {"WRONG_PASSKEY", "CHALLENGE_EXPIRED", "INVALID_INPUT"}
        assert await state(user, account) == before


@MANY
@given(text=st.text(max_size=200) | VALUES.map(json.dumps) | st.binary(max_size=200).map(base64url.encode))
async def test_any_text_is_refused_with_a_code(user: Served, owner: Any, text: str) -> None:
    account, token, _ = owner
    before = await state(user, account), await passkeys_of(user, token)
    shown = text.replace("\x00", "")
    assert (await login(user, shown))["code"] == "INVALID_INPUT"
    assert (await register(user, token, shown))["fields"] == [{"path": "input.response", "code": "INVALID_RESPONSE"}]
    assert (await state(user, account), await passkeys_of(user, token)) == before


async def refused_attestation(user: Served, token: str, attestation: bytes) -> None:
    """Assert that an attestation object adds nothing."""
    answer = Authenticator().create(await start(user, token))
    bent = tampered(answer, "response", "attestationObject", value=base64url.encode(attestation))
    result = await register(user, token, bent)
    assert result["fields"] == [{"path": "input.response", "code": "NOT_ACCEPTED"}], attestation


@MANY
@given(whole=CBOR, key=CBOR, is_inner=st.booleans())
async def test_any_cbor_is_refused_with_a_code(user: Served, owner: Any, whole: Any, key: Any, is_inner: bool) -> None:
    _, token, _ = owner
    before = await passkeys_of(user, token)
    if is_inner:
        answer = Authenticator().create(await start(user, token), cose=key)
        assert (await register(user, token, answer))["code"] == "INVALID_INPUT"
    else:
        await refused_attestation(user, token, cbor2.dumps(whole))
    assert await passkeys_of(user, token) == before


async def test_cbor_that_asks_for_too_much_is_refused(user: Served) -> None:
    token = (await log_in(user, await open_account(user)))["accessToken"]
    for bomb in BOMBS:
        await refused_attestation(user, token, bomb)
        answer = Authenticator().create(await start(user, token), cose=bomb)
        assert (await register(user, token, answer))["fields"] == [
            {"path": "input.response", "code": "NOT_ACCEPTED"}
        ], bomb
    assert await passkeys_of(user, token) == []
