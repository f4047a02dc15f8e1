"""Passkeys of an account: added, listed, renamed and removed by its owner, who is told of it by mail."""

import asyncio
import json
from collections import Counter
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from sqlalchemy import func, select

from shared.core import base64url
from subgraphs.user.models import Passkey, UsedChallenge
from subgraphs.user.service import passkeys
from tests.support.accounts import log_in, mailed, open_account, text_of, token_in
from tests.support.apps import Served
from tests.support.authenticator import BACKED_UP, ELIGIBLE, PRESENT, VERIFIED, Authenticator
from tests.user.events import published
from tests.user.passkeys import LIST, START, add, login, login_options, passkeys_of, register, start, with_passkey

RENAME = """
mutation ($id: ID!, $version: Int!, $name: String!) {
  passkeyRename(input: { passkeyId: $id, version: $version, name: $name }) {
    __typename
    ... on PasskeyRenameSuccess { passkey { id name version } }
    ... on Problem { code }
    ... on ConflictProblem { currentVersion }
    ... on InvalidInputProblem { fields { path code } }
  }
}
"""
REMOVE = """
mutation ($id: ID!) {
  passkeyRemove(input: { passkeyId: $id }) {
    __typename ... on PasskeyRemoveSuccess { passkeyId } ... on Problem { code message }
  }
}
"""
EXPORT = "mutation { accountExport { ... on AccountExportSuccess { document } } }"
OF_OTHERS = "query ($id: ID!) { user(id: $id) { id passkeys { nodes { name } } } }"
ENTITIES = """
query ($of: [_Any!]!) { _entities(representations: $of) { ... on User { id passkeys(first: 2) { nodes { name } } } } }
"""
RESET = """
mutation ($proof: String!) {
  passwordReset(input: { token: $proof, password: "another horse" }) { __typename ... on Problem { code } }
}
"""
FORGOTTEN = "mutation ($email: String!) { passwordResetRequest(input: { email: $email }) { __typename } }"


async def stored(user: Served, account_id: str) -> Any:
    """Return what a refused registration must leave as it is."""
    async with user.database.read() as connection:
        used = await connection.scalar(select(func.count()).select_from(UsedChallenge))
        rows = (await connection.execute(select(Passkey.__table__).where(Passkey.user_id == account_id))).all()
    return used, rows


async def test_the_options_are_what_browsers_take(user: Served) -> None:
    account, token, authenticator = await with_passkey(user)
    options = json.loads(await start(user, token))
    assert len(base64url.decode(options.pop("challenge"))) == 56
    known = {
        "id": base64url.encode(authenticator.credential_id),
        "type": "public-key",
        "transports": ["hybrid", "internal"],
    }
    assert options == {
        "rp": {"id": "localhost", "name": "All Pet Plus"},
        "user": {"id": base64url.encode(account.id.encode()), "name": account.email, "displayName": account.name},
        "pubKeyCredParams": [{"type": "public-key", "alg": alg} for alg in (-7, -8, -257)],
        "timeout": 300_000,
        "excludeCredentials": [known],
        "authenticatorSelection": {
            "residentKey": "required",
            "requireResidentKey": True,
            "userVerification": "required",
        },
        "attestation": "none",
    }


async def test_a_passkey_is_added_and_its_owner_is_told(user: Served) -> None:
    account = await open_account(user)
    token = (await log_in(user, account))["accessToken"]
    answer = await register(user, token, Authenticator().create(await start(user, token)), "  Anna's key ")
    added = answer["passkey"]
    assert (added["name"], added["lastUsedAt"], added["version"]) == ("Anna's key", None, 1)
    assert [each["id"] for each in await passkeys_of(user, token)] == [added["id"]]
    told = await published(user, account.id, "user.passkey_added")
    assert told == {"user.passkey_added": [{"user_id": account.id, "passkey_id": added["id"]}]}
    [mail] = await mailed(user, to=account.email)
    assert mail["Subject"] == "A passkey was added to your account"
    assert "Anna's key" in text_of(mail)
    assert added["id"].replace("_", "-") in mail["Message-ID"]


async def test_a_challenge_of_another_session_or_account_registers_nothing(user: Served) -> None:
    account = await open_account(user)
    here, there = [(await log_in(user, account))["accessToken"] for _ in range(2)]
    other = (await log_in(user, await open_account(user)))["accessToken"]
    before = await stored(user, account.id)
    for token in (there, other):
        answer = await register(user, here, Authenticator().create(await start(user, token)))
        assert answer["code"] == "CHALLENGE_EXPIRED"
    at_login = json.loads(await login_options(user))["challenge"]
    of_login = json.dumps(json.loads(await start(user, here)) | {"challenge": at_login})
    assert (await register(user, here, Authenticator().create(of_login)))["code"] == "CHALLENGE_EXPIRED"
    assert await stored(user, account.id) == before


async def test_of_ten_uses_of_one_challenge_at_once_one_adds_a_passkey(user: Served) -> None:
    account = await open_account(user)
    token = (await log_in(user, account))["accessToken"]
    options = await start(user, token)
    answers = await asyncio.gather(*[register(user, token, Authenticator().create(options)) for _ in range(10)])
    outcomes = Counter(each.get("code", each["__typename"]) for each in answers)
    assert outcomes == {"PasskeyRegisterSuccess": 1, "CHALLENGE_EXPIRED": 9}
    assert len(await passkeys_of(user, token)) == 1


async def test_a_passkey_that_any_account_has_is_not_registered_again(user: Served) -> None:
    account, token, authenticator = await with_passkey(user)
    other = await open_account(user)
    of_other = (await log_in(user, other))["accessToken"]
    stolen = Authenticator(credential_id=authenticator.credential_id)
    for caller in (token, of_other):
        answer = await register(user, caller, stolen.create(await start(user, caller)))
        assert answer["fields"] == [{"path": "input.response", "code": "TAKEN"}]
    assert await passkeys_of(user, of_other) == []
    [passkey] = await passkeys_of(user, token)
    assert (await login(user, authenticator.get(await login_options(user))))["user"]["name"] == account.name
    assert [each["id"] for each in await passkeys_of(user, token)] == [passkey["id"]]


def _rsa(bits: int, exponent: int = 65537) -> dict[int, object]:
    modulus = rsa.generate_private_key(exponent, bits).public_key().public_numbers().n
    return {1: 3, 3: -257, -1: modulus.to_bytes(bits // 8), -2: exponent.to_bytes(4)}


def _made(changes: dict[str, Any]) -> dict[str, Any]:
    """Make the keys that only their own test needs."""
    return {name: value() if callable(value) else value for name, value in changes.items()}


REFUSED: dict[str, dict[str, Any]] = {
    "another origin": {"client": {"origin": "https://evil.example"}},
    "a frame in another site": {"client": {"crossOrigin": True}},
    "another type": {"client": {"type": "webauthn.get"}},
    "another relying party": {"rp_id": "evil.example"},
    "a user who is not present": {"flags": VERIFIED},
    "a user who is not verified": {"flags": PRESENT},
    "backed up though it may not leave": {"flags": PRESENT | VERIFIED | BACKED_UP},
    "an id beside the raw one": {"credential_id": bytes(16)},
    "no id": {"credential_id": b""},
    "an attestation with a certificate": {
        "fmt": "packed",
        "statement": {"alg": -7, "sig": b"x", "x5c": [b"certificate"]},
    },
    "an attestation that is wrong": {"fmt": "packed", "statement": {"alg": -7, "sig": b"x"}},
    "an attestation of a kind that was not asked for": {
        "fmt": "android-safetynet",
        "statement": {"ver": "1", "response": b"x"},
    },
    "an attestation of no kind": {"fmt": 7},
    "none, and a statement": {"statement": {"sig": b"x"}},
    "a key that is none": {"cose": {1: 2, 3: -7, -1: 1, -2: bytes(32), -3: bytes(32)}},
    "a key without a point": {"cose": {1: 2, 3: -7, -1: 1}},
    "a key of another curve": {"cose": {1: 2, 3: -7, -1: 2, -2: bytes(48), -3: bytes(48)}},
    "a key of an unknown kind": {"cose": {1: 99, 3: -7}},
    "an algorithm that was not asked for": {"cose": {1: 2, 3: -36, -1: 3, -2: bytes(66), -3: bytes(66)}},
    "a weak RSA key": {"cose": lambda: _rsa(1024)},
    "an RSA key with a slow exponent": {"cose": lambda: _rsa(2048) | {-2: (2**31 + 11).to_bytes(4)}},
    "a huge RSA key": {"cose": {1: 3, 3: -257, -1: b"\xff" * 2048, -2: b"\x01\x00\x01"}},
    "no CBOR": {"cose": b"\xff\xff"},
    "an older key": {"cose": b"\x04" + bytes(64)},
}


@pytest.mark.parametrize("about", REFUSED)
async def test_an_answer_that_is_bent_adds_no_passkey(user: Served, about: str) -> None:
    account = await open_account(user)
    token = (await log_in(user, account))["accessToken"]
    before = await stored(user, account.id)
    answer = await register(user, token, Authenticator().create(await start(user, token), **_made(REFUSED[about])))
    assert answer.get("fields") == [{"path": "input.response", "code": "NOT_ACCEPTED"}]
    assert await stored(user, account.id) == before
    assert await published(user, account.id, "user.passkey_added") == {}


@pytest.mark.parametrize(
    "changes",
    [{"flags": PRESENT | VERIFIED | ELIGIBLE}, {"cose": lambda: _rsa(2048)}, {"cose": lambda: _rsa(4096)}],
    ids=["may leave", "RSA 2048", "RSA 4096"],
)
async def test_keys_of_other_kinds_are_added(user: Served, changes: dict[str, Any]) -> None:
    token = (await log_in(user, await open_account(user)))["accessToken"]
    answer = await register(user, token, Authenticator().create(await start(user, token), **_made(changes)))
    assert answer["__typename"] == "PasskeyRegisterSuccess"


async def test_a_name_is_checked(user: Served) -> None:
    _, token, _ = await with_passkey(user)
    [passkey] = await passkeys_of(user, token)
    codes = {"": "TOO_SHORT", "x" * 61: "TOO_LONG", "a\u202eb": "INVISIBLE_CHARACTER", "a\nb": "CONTROL_CHARACTER"}
    for name, code in codes.items():
        added = await register(user, token, Authenticator().create(await start(user, token)), name)
        renamed = await user.execute(RENAME, token, id=passkey["id"], version=1, name=name)
        for answer in (added, renamed.data["passkeyRename"]):
            assert answer["fields"] == [{"path": "input.name", "code": code}]
    assert await passkeys_of(user, token) == [passkey]


async def test_a_passkey_is_renamed_by_version(user: Served) -> None:
    account, token, _ = await with_passkey(user)
    [passkey] = await passkeys_of(user, token)
    renamed = (await user.execute(RENAME, token, id=passkey["id"], version=1, name="Laptop")).data["passkeyRename"]
    assert renamed["passkey"] == {"id": passkey["id"], "name": "Laptop", "version": 2}
    stale = (await user.execute(RENAME, token, id=passkey["id"], version=1, name="Phone")).data["passkeyRename"]
    assert (stale["code"], stale["currentVersion"]) == ("VERSION_CONFLICT", 2)
    assert [each["name"] for each in await passkeys_of(user, token)] == ["Laptop"]
    told = await published(user, account.id, "user.passkey_renamed")
    assert told == {"user.passkey_renamed": [{"user_id": account.id, "passkey_id": passkey["id"]}]}


async def test_a_removed_passkey_logs_in_no_more_and_its_owner_is_told(user: Served) -> None:
    account, token, authenticator = await with_passkey(user)
    await mailed(user, to=account.email)
    [passkey] = await passkeys_of(user, token)
    removed = (await user.execute(REMOVE, token, id=passkey["id"])).data["passkeyRemove"]
    assert removed == {"__typename": "PasskeyRemoveSuccess", "passkeyId": passkey["id"]}
    assert await passkeys_of(user, token) == []
    assert (await login(user, authenticator.get(await login_options(user))))["code"] == "WRONG_PASSKEY"
    assert (await user.execute(REMOVE, token, id=passkey["id"])).data["passkeyRemove"]["code"] == "NOT_FOUND"
    told = await published(user, account.id, "user.passkey_removed")
    assert told == {"user.passkey_removed": [{"user_id": account.id, "passkey_id": passkey["id"]}]}
    [mail] = await mailed(user, to=account.email)
    assert mail["Subject"] == "A passkey was removed from your account"


async def test_passkeys_are_their_owners_alone(user: Served, support: str, admin: str, stranger: str) -> None:
    account, token, _ = await with_passkey(user)
    [passkey] = await passkeys_of(user, token)
    representations = [{"__typename": "User", "id": account.id}]
    for caller, code in (
        (support, "FORBIDDEN"),
        (admin, "FORBIDDEN"),
        (stranger, "FORBIDDEN"),
        (None, "UNAUTHENTICATED"),
    ):
        shown = await user.execute(OF_OTHERS, caller, id=account.id)
        referred = await user.execute(ENTITIES, caller, of=representations)
        assert set(shown.codes) | set(referred.codes) == {code}
        assert "Anna's phone" not in str((shown.body, referred.body))
        for mutation, more in ((RENAME, {"version": 1, "name": "Mine"}), (REMOVE, {})):
            refused = await user.execute(mutation, caller, id=passkey["id"], **more)
            [result] = refused.data.values()
            assert result["code"] == ("NOT_FOUND" if caller else "UNAUTHENTICATED")
    assert await passkeys_of(user, token) == [passkey]


async def test_a_list_of_any_length_costs_the_same(user: Served) -> None:
    _, token, _ = await with_passkey(user)
    costs: list[int] = []
    for _ in range(2):
        with user.statements() as sent:
            assert len((await user.execute(LIST, token)).data["me"]["passkeys"]["nodes"]) == len(costs) + 1
        costs.append(len(sent))
        await add(user, token, Authenticator())
    # The profile, a page, and the count.
    assert costs == [3, 3]


async def test_an_account_has_at_most_twenty(user: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    account, token, _ = await with_passkey(user)
    monkeypatch.setattr(passkeys, "MOST", 3)
    options = [await start(user, token) for _ in range(4)]
    answers = await asyncio.gather(*[register(user, token, Authenticator().create(each)) for each in options])
    outcomes = Counter(each.get("code", each["__typename"]) for each in answers)
    assert outcomes == {"PasskeyRegisterSuccess": 2, "ILLEGAL_STATE": 2}
    assert (await user.execute(START, token)).data["passkeyRegistrationStart"]["code"] == "ILLEGAL_STATE"
    assert len(await passkeys_of(user, token)) == 3
    assert len((await published(user, account.id))["user.passkey_added"]) == 3


async def test_changes_are_limited_since_each_is_mailed(user: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passkeys, "MOST_CHANGES", 2)
    monkeypatch.setitem(user.runtime.resources, passkeys.Passkeys, passkeys.Passkeys(user.runtime))
    _, token, _ = await with_passkey(user)
    await add(user, token, Authenticator())
    before = await passkeys_of(user, token)
    added = await register(user, token, Authenticator().create(await start(user, token)))
    removed = (await user.execute(REMOVE, token, id=before[0]["id"])).data["passkeyRemove"]
    assert (added["code"], removed["code"]) == ("RATE_LIMITED", "RATE_LIMITED")
    assert await passkeys_of(user, token) == before


async def test_an_export_tells_of_passkeys_without_their_keys(user: Served) -> None:
    _, token, authenticator = await with_passkey(user)
    document = (await user.execute(EXPORT, token)).data["accountExport"]["document"]
    [passkey] = json.loads(document)["passkeys"]
    assert passkey.keys() == {"id", "name", "transports", "backup_eligible", "backed_up", "created_at", "last_used_at"}
    assert base64url.encode(authenticator.credential_id) not in document


async def test_passkeys_stay_at_a_password_reset_whose_mail_lists_them(user: Served) -> None:
    account, token, authenticator = await with_passkey(user)
    await add(user, token, Authenticator(), "Someone else's laptop")
    await user.execute(FORGOTTEN, email=account.email)
    mails = await mailed(user, to=account.email)
    [reset] = [mail for mail in mails if mail["Subject"] == "Set a new password"]
    assert (await user.execute(RESET, proof=token_in(reset))).data["passwordReset"]["__typename"].endswith("Success")
    # The sessions have ended, and the passkey begins another.
    assert (await user.execute(LIST, token)).codes == ["UNAUTHENTICATED"]
    session = await login(user, authenticator.get(await login_options(user)))
    assert len(await passkeys_of(user, session["accessToken"])) == 2
    [mail] = await mailed(user, to=account.email)
    said = text_of(mail)
    assert mail["Subject"] == "Your password was changed"
    assert said.index("remove those that you do not know") < said.index("Anna's phone") < said.index("Someone else's")
