"""Log-ins with passkeys: who has one is logged in; every other answer is refused alike, and begins nothing."""

import asyncio
import json
import time
from collections import Counter
from collections.abc import Callable
from typing import Any, TypeAlias

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import delete, func, select

from shared.core import base64url
from shared.core.ids import new_id
from subgraphs.user.jobs import JOBS
from subgraphs.user.models import Passkey, UsedChallenge, UserProfile, UserSession
from subgraphs.user.service import passkey_challenges, passkey_login
from subgraphs.user.service.job_types import USER_SYNC
from subgraphs.user.service.passkey_challenges import LIFETIME_SECONDS
from tests.support.accounts import Account
from tests.support.apps import Served
from tests.support.authenticator import BACKED_UP, ELIGIBLE, PRESENT, VERIFIED, Authenticator, tampered
from tests.user.events import published
from tests.user.passkeys import LOGIN_START, START, login, login_options, passkeys_of, start, with_passkey
from tests.user.test_authentication import viewer_of

SYNCED = PRESENT | VERIFIED | ELIGIBLE | BACKED_UP
Bend: TypeAlias = Callable[[Authenticator, str], str]


async def state(user: Served, account: Account) -> Any:
    """Return what a refused log-in must leave as it is."""
    async with user.database.read() as connection:
        sessions = await connection.scalar(
            select(func.count()).select_from(UserSession).where(UserSession.user_id == account.id)
        )
        used = await connection.scalar(select(func.count()).select_from(UsedChallenge))
        columns = (Passkey.sign_count, Passkey.backed_up, Passkey.last_used_at)
        rows = (await connection.execute(select(*columns).where(Passkey.user_id == account.id))).all()
    return sessions, used, rows


async def test_a_passkey_logs_in_as_two_factors(user: Served) -> None:
    account, _, authenticator = await with_passkey(user)
    session = await login(user, authenticator.get(await login_options(user)))
    assert (session["__typename"], session["user"]["name"]) == ("PasskeyLoginSuccess", account.name)
    viewer = await viewer_of(user, session["accessToken"])
    assert (viewer.id, set(viewer.methods)) == (account.id, {"hwk", "user", "mfa"})
    [passkey] = await passkeys_of(user, session["accessToken"])
    assert (passkey["lastUsedAt"] is None, passkey["backedUp"]) == (False, False)
    assert [each["session_id"] for each in (await published(user, account.id))["user.session_started"]][-1:] == [
        viewer.session_id
    ]


async def test_a_synchronised_passkey_never_counts_and_logs_in_again(user: Served) -> None:
    _, _, authenticator = await with_passkey(user, counts=False, flags=SYNCED)
    for _ in range(2):
        session = await login(user, authenticator.get(await login_options(user)))
        assert set((await viewer_of(user, session["accessToken"])).methods) == {"swk", "user", "mfa"}
    assert [each["backedUp"] for each in await passkeys_of(user, session["accessToken"])] == [True]


async def test_the_options_of_a_log_in_name_no_account_and_store_nothing(user: Served) -> None:
    account, _, _ = await with_passkey(user)
    before = await state(user, account)
    with user.statements() as sent:
        options = [json.loads(await login_options(user)) for _ in range(3)]
    assert sent == []
    assert len({each.pop("challenge") for each in options}) == 3
    expected = {"allowCredentials": [], "rpId": "localhost", "timeout": 300_000, "userVerification": "required"}
    assert options == [expected] * 3
    assert await state(user, account) == before


BENT: dict[str, tuple[Bend, str]] = {
    "a challenge that is none of ours": (
        lambda it, options: it.get(options, client={"challenge": base64url.encode(bytes(56))}),
        "CHALLENGE_EXPIRED",
    ),
    "a challenge with one bit changed": (lambda it, options: it.get(_with_other_bit(options)), "CHALLENGE_EXPIRED"),
    "an empty challenge": (lambda it, options: it.get(options, client={"challenge": ""}), "CHALLENGE_EXPIRED"),
    "another origin": (
        lambda it, options: it.get(options, client={"origin": "https://localhost.example"}),
        "WRONG_PASSKEY",
    ),
    "an origin with another port": (
        lambda it, options: it.get(options, client={"origin": "http://localhost:4001"}),
        "WRONG_PASSKEY",
    ),
    "a frame in another site": (lambda it, options: it.get(options, client={"crossOrigin": True}), "WRONG_PASSKEY"),
    "another type": (lambda it, options: it.get(options, client={"type": "webauthn.create"}), "WRONG_PASSKEY"),
    "another relying party": (lambda it, options: it.get(options, rp_id="evil.example"), "WRONG_PASSKEY"),
    "a user who is not present": (lambda it, options: it.get(options, flags=VERIFIED), "WRONG_PASSKEY"),
    "a user who is not verified": (lambda it, options: it.get(options, flags=PRESENT), "WRONG_PASSKEY"),
    "a passkey that may suddenly leave": (
        lambda it, options: it.get(options, flags=PRESENT | VERIFIED | ELIGIBLE),
        "WRONG_PASSKEY",
    ),
    "a passkey that was saved and may not": (
        lambda it, options: it.get(options, flags=PRESENT | VERIFIED | BACKED_UP),
        "WRONG_PASSKEY",
    ),
    "another key": (lambda it, options: it.get(options, key=ec.generate_private_key(ec.SECP256R1())), "WRONG_PASSKEY"),
    "an unknown passkey": (lambda it, options: it.get(options, credential_id=bytes(16)), "WRONG_PASSKEY"),
    "another user": (lambda it, options: it.get(options, user_handle=new_id("usr").encode()), "WRONG_PASSKEY"),
    "no user": (lambda it, options: it.get(options, user_handle=None), "WRONG_PASSKEY"),
    "an empty user": (lambda it, options: it.get(options, user_handle=b""), "WRONG_PASSKEY"),
    "no signature": (lambda it, options: tampered(it.get(options), "response", "signature", value=""), "WRONG_PASSKEY"),
    "client data that were not signed": (
        lambda it, options: tampered(
            it.get(options), "response", "clientDataJSON", value=_client_data(options, "http://localhost:4000", " ")
        ),
        "WRONG_PASSKEY",
    ),
    "another kind of credential": (lambda it, options: tampered(it.get(options), "type", value="pw"), "INVALID_INPUT"),
    "an id that is not the raw one": (
        lambda it, options: tampered(it.get(options), "id", value=base64url.encode(bytes(16))),
        "WRONG_PASSKEY",
    ),
    "no id": (lambda it, options: tampered(it.get(options), "rawId", value=None), "INVALID_INPUT"),
    "a list": (lambda _, __: "[]", "INVALID_INPUT"),
    "too much": (lambda it, options: it.get(options) + " " * 20_000, "INVALID_INPUT"),
    "nothing": (lambda _, __: "", "INVALID_INPUT"),
}


def _with_other_bit(options: str) -> str:
    given = json.loads(options)
    challenge = bytearray(base64url.decode(given["challenge"]))
    challenge[3] ^= 1
    return json.dumps(given | {"challenge": base64url.encode(bytes(challenge))})


def _client_data(options: str, origin: str, space: str) -> str:
    challenge = json.loads(options)["challenge"]
    said = {"type": "webauthn.get", "challenge": challenge, "origin": origin, "crossOrigin": False}
    return base64url.encode((json.dumps(said) + space).encode())


@pytest.mark.parametrize("about", BENT)
async def test_an_answer_that_is_bent_is_refused_and_begins_nothing(user: Served, about: str) -> None:
    account, _, authenticator = await with_passkey(user)
    bend, code = BENT[about]
    before = await state(user, account)
    assert (await login(user, bend(authenticator, await login_options(user)))).get("code") == code
    assert await state(user, account) == before
    # The passkey is as good as before.
    assert (await login(user, authenticator.get(await login_options(user))))["__typename"] == "PasskeyLoginSuccess"


async def test_the_passkey_of_one_user_logs_in_nobody_else(user: Served) -> None:
    first, _, of_first = await with_passkey(user)
    second, _, of_second = await with_passkey(user)
    before = await state(user, first), await state(user, second)
    attempts = [
        of_first.get(await login_options(user), user_handle=second.id.encode()),
        of_first.get(await login_options(user), credential_id=of_second.credential_id),
        of_first.get(await login_options(user), credential_id=of_second.credential_id, user_handle=second.id.encode()),
    ]
    assert {(await login(user, each))["code"] for each in attempts} == {"WRONG_PASSKEY"}
    assert (await state(user, first), await state(user, second)) == before


@pytest.mark.parametrize("count", [0, 1, 4, 5])
async def test_a_counter_that_has_not_grown_is_refused_and_told(user: Served, count: int) -> None:
    account, _, authenticator = await with_passkey(user)
    assert (await login(user, authenticator.get(await login_options(user), count=5)))["__typename"].endswith("Success")
    sessions, _, rows = await state(user, account)
    answer = authenticator.get(await login_options(user), count=count)
    assert (await login(user, answer))["code"] == "WRONG_PASSKEY"
    assert (await login(user, answer))["code"] == "CHALLENGE_EXPIRED"
    after = await state(user, account)
    assert (after[0], after[2]) == (sessions, rows)
    told = await published(user, account.id, "user.session_refused")
    assert told == {"user.session_refused": [{"account": account.id, "refusal": "COPIED_PASSKEY"}]}
    assert (await login(user, authenticator.get(await login_options(user), count=6)))["__typename"].endswith("Success")


async def test_a_wrong_counter_without_the_key_tells_nothing(user: Served) -> None:
    account, _, authenticator = await with_passkey(user)
    await login(user, authenticator.get(await login_options(user), count=5))
    forged = authenticator.get(await login_options(user), count=1, key=ec.generate_private_key(ec.SECP256R1()))
    assert (await login(user, forged))["code"] == "WRONG_PASSKEY"
    assert await published(user, account.id, "user.session_refused") == {}


async def test_of_twenty_uses_of_one_challenge_at_once_one_wins(user: Served) -> None:
    account, _, authenticator = await with_passkey(user, counts=False)
    sessions, *_ = await state(user, account)
    answer = authenticator.get(await login_options(user))
    answers = await asyncio.gather(*[login(user, answer) for _ in range(20)])
    outcomes = Counter(each.get("code", each["__typename"]) for each in answers)
    assert outcomes == {"PasskeyLoginSuccess": 1, "CHALLENGE_EXPIRED": 19}
    assert (await login(user, answer))["code"] == "CHALLENGE_EXPIRED"
    assert (await state(user, account))[0] == sessions + 1


async def test_a_challenge_expires_after_five_minutes(user: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    account, _, authenticator = await with_passkey(user)
    options = await login_options(user)
    clock = _Clock()
    monkeypatch.setattr(passkey_challenges, "time", clock)
    clock.ahead = LIFETIME_SECONDS
    before = await state(user, account)
    assert (await login(user, authenticator.get(options)))["code"] == "CHALLENGE_EXPIRED"
    assert await state(user, account) == before
    clock.ahead = LIFETIME_SECONDS - 30
    assert (await login(user, authenticator.get(options)))["__typename"] == "PasskeyLoginSuccess"


class _Clock:
    """The time, some seconds ahead."""

    ahead = 0.0

    def time(self) -> float:
        return time.time() + self.ahead


async def test_a_challenge_is_good_for_its_own_purpose_alone(user: Served) -> None:
    account, token, authenticator = await with_passkey(user)
    before = await state(user, account)
    registration = json.loads(await start(user, token))
    as_login = json.dumps({"challenge": registration["challenge"], "rpId": "localhost"})
    assert (await login(user, authenticator.get(as_login)))["code"] == "CHALLENGE_EXPIRED"
    assert await state(user, account) == before


async def test_used_challenges_are_forgotten_once_they_have_expired(user: Served) -> None:
    _, _, authenticator = await with_passkey(user)
    await login(user, authenticator.get(await login_options(user)))
    async with user.database.write() as session:
        of_now = select(func.count()).select_from(UsedChallenge).where(UsedChallenge.expires_at > func.now())
        kept = await session.scalar(of_now)
        assert kept
        past = UsedChallenge(id=new_id("old"), expires_at=func.now())
        session.add(past)
    await JOBS[USER_SYNC](user.runtime, {})
    async with user.database.read() as connection:
        assert await connection.scalar(select(func.count()).select_from(UsedChallenge)) == kept


async def test_a_passkey_of_an_account_that_is_gone_is_like_an_unknown_one(user: Served) -> None:
    account, _, authenticator = await with_passkey(user)
    unknown = await login(user, Authenticator(user_handle=account.id.encode()).get(await login_options(user)))
    async with user.database.write() as session:
        await session.execute(delete(UserProfile).where(UserProfile.id == account.id))
    assert await login(user, authenticator.get(await login_options(user))) == unknown
    assert unknown["code"] == "WRONG_PASSKEY"


async def test_log_ins_and_their_starts_are_limited_by_address(user: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    account, token, authenticator = await with_passkey(user)
    options = await login_options(user)
    monkeypatch.setattr(passkey_login, "MOST_BY_ADDRESS", 3)
    limited = passkey_login.PasskeyLogin(user.runtime)
    monkeypatch.setitem(user.runtime.resources, passkey_login.PasskeyLogin, limited)
    async for key in user.runtime.redis.scan_iter("petplus:throttle:passkey-*"):
        await user.runtime.redis.delete(key)
    starts = [(await user.execute(LOGIN_START)).data["passkeyLoginStart"] for _ in range(4)]
    assert [each.get("code") for each in starts] == [None, None, None, "RATE_LIMITED"]
    tries = [(await login(user, "{}")).get("code") for _ in range(4)]
    assert tries == ["INVALID_INPUT"] * 3 + ["RATE_LIMITED"]
    before = await state(user, account)
    assert (await login(user, authenticator.get(options)))["code"] == "RATE_LIMITED"
    assert await state(user, account) == before
    # Who is logged in is not counted with strangers.
    assert (await user.execute(START, token)).data["passkeyRegistrationStart"]["options"]
