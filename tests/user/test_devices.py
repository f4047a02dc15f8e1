"""Devices that get push messages: registered by the app that is logged in, and gone with its session."""

import asyncio
from typing import Any

import orjson
import pytest
from sqlalchemy import select

from subgraphs.user.models import Device
from subgraphs.user.service import devices
from tests.support.accounts import PASSWORD, Account, log_in, open_account
from tests.support.apps import Identities, Served
from tests.user.events import published

REGISTER = """mutation ($pushToken: String!, $platform: DevicePlatform!) {
  deviceRegister(input: { platform: $platform, pushToken: $pushToken }) {
    __typename ... on DeviceRegisterSuccess { device { id platform current } } ... on Problem { code }
    ... on InvalidInputProblem { fields { path code } }
  }
}"""
UNREGISTER = """mutation ($id: ID!) { deviceUnregister(input: { id: $id }) {
  __typename ... on DeviceUnregisterSuccess { deviceId } ... on Problem { code }
} }"""
LIST = "{ me { devices { id platform current } } }"
OF_USER = "query ($id: ID!) { user(id: $id) { devices { id } } }"
OF_USERS = "query ($of: [_Any!]!) { _entities(representations: $of) { ... on User { devices { platform } } } }"
END = "mutation ($id: ID!) { sessionRevoke(input: { sessionId: $id }) { __typename } }"
END_ALL = "mutation { sessionsRevokeAll(input: { keepCurrent: false }) { __typename } }"
SESSIONS = "{ me { sessions(first: 100) { nodes { id current } } } }"
EXPORT = "mutation { accountExport { ... on AccountExportSuccess { document } } }"
CLOSE = """mutation ($password: String!) { accountDelete(input: { password: $password }) { __typename } }"""


@pytest.fixture
async def account(user: Served) -> Account:
    return await open_account(user)


@pytest.fixture
async def token(user: Served, account: Account) -> str:
    return str((await log_in(user, account))["accessToken"])


async def register(user: Served, token: str | None, push_token: str, platform: str = "IOS") -> Any:
    answer = await user.execute(REGISTER, token, pushToken=push_token, platform=platform)
    return answer.data["deviceRegister"]


async def listed(user: Served, token: str) -> list[Any]:
    found: list[Any] = (await user.execute(LIST, token)).data["me"]["devices"]
    return found


async def tokens_of(user: Served, account: Account) -> list[str]:
    """Return the push tokens that are kept of an account."""
    kept = select(Device.push_token).where(Device.user_id == account.id).order_by(Device.registered_at)
    async with user.database.read() as connection:
        return list(await connection.scalars(kept))


async def test_an_app_registers_again_with_each_token_and_is_one_device(
    user: Served, account: Account, token: str
) -> None:
    first = (await register(user, token, f"{account.id} one"))["device"]
    assert first == {"id": first["id"], "platform": "IOS", "current": True}
    for _ in range(2):
        again = (await register(user, token, f" {account.id} two ", "ANDROID"))["device"]
        assert again == first | {"platform": "ANDROID"}
    assert await listed(user, token) == [again]
    assert await tokens_of(user, account) == [f"{account.id} two"]
    other = str((await log_in(user, account))["accessToken"])
    second = (await register(user, other, f"{account.id} three"))["device"]
    assert [(each["id"], each["current"]) for each in await listed(user, other)] == [
        (second["id"], True),
        (first["id"], False),
    ]
    told = await published(user, account.id, "user.updated")
    assert [each["fields"] for each in told["user.updated"]] == [["devices"]] * 3


async def test_a_token_belongs_to_who_logged_in_last_on_the_device(user: Served, account: Account, token: str) -> None:
    shared = f"{account.id} shared"
    await register(user, token, shared)
    other = await open_account(user)
    of_other = str((await log_in(user, other))["accessToken"])
    await register(user, of_other, shared)
    assert (await tokens_of(user, account), await tokens_of(user, other)) == ([], [shared])
    answers = await asyncio.gather(*[register(user, each, shared) for each in [token, of_other] * 3])
    assert {each["__typename"] for each in answers} == {"DeviceRegisterSuccess"}
    assert sorted([*await tokens_of(user, account), *await tokens_of(user, other)]) == [shared]


async def test_one_device_too_many_takes_the_place_of_the_oldest(
    user: Served, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(devices, "MOST", 2)
    for number in range(4):
        token = str((await log_in(user, account))["accessToken"])
        await register(user, token, f"{account.id} {number}")
    assert await tokens_of(user, account) == [f"{account.id} 2", f"{account.id} 3"]


@pytest.mark.parametrize(
    ("push_token", "code"), [(" ", "TOO_SHORT"), ("x" * 4097, "TOO_LONG"), ("a\nb", "CONTROL_CHARACTER")]
)
async def test_what_is_no_token_is_refused_at_its_field_and_changes_nothing(
    user: Served, account: Account, token: str, push_token: str, code: str
) -> None:
    await register(user, token, f"{account.id} good")
    refused = await register(user, token, push_token)
    assert refused == {
        "__typename": "InvalidInputProblem",
        "code": "INVALID_INPUT",
        "fields": [{"path": "input.pushToken", "code": code}],
    }
    assert await tokens_of(user, account) == [f"{account.id} good"]


async def test_the_longest_token_is_taken(user: Served, account: Account, token: str) -> None:
    longest = account.id.ljust(4096, "x")
    assert (await register(user, token, longest))["__typename"] == "DeviceRegisterSuccess"
    assert await tokens_of(user, account) == [longest]


async def test_a_device_goes_with_its_session(user: Served, account: Account, token: str) -> None:
    other = str((await log_in(user, account))["accessToken"])
    await register(user, token, f"{account.id} one")
    await register(user, other, f"{account.id} two")
    sessions = (await user.execute(SESSIONS, token)).data["me"]["sessions"]["nodes"]
    [ended] = [each["id"] for each in sessions if not each["current"]]
    await user.execute(END, token, id=ended)
    assert await tokens_of(user, account) == [f"{account.id} one"]
    await user.execute(END_ALL, token)
    assert await tokens_of(user, account) == []


async def test_a_session_that_does_not_exist_registers_nothing(
    user: Served, account: Account, people: Identities
) -> None:
    refused = {"__typename": "UnauthenticatedProblem", "code": "UNAUTHENTICATED"}
    assert await register(user, people.token(account.id), f"{account.id} lost") == refused
    assert await register(user, None, f"{account.id} lost") == refused
    assert await tokens_of(user, account) == []


async def test_nobody_else_lists_or_unregisters_a_device(
    user: Served, account: Account, token: str, support: str, stranger: str
) -> None:
    device = (await register(user, token, f"{account.id} mine"))["device"]
    other = str((await log_in(user, await open_account(user)))["accessToken"])
    for caller in (support, stranger, other):
        hidden = await user.execute(OF_USER, caller, id=account.id)
        assert (hidden.body["data"]["user"], hidden.codes) == ({"devices": None}, ["FORBIDDEN"])
        refused = (await user.execute(UNREGISTER, caller, id=device["id"])).data["deviceUnregister"]
        assert refused["code"] == "NOT_FOUND"
    assert await listed(user, token) == [device]
    assert (await user.execute(UNREGISTER, token, id=device["id"])).data["deviceUnregister"] == {
        "__typename": "DeviceUnregisterSuccess",
        "deviceId": device["id"],
    }
    assert await listed(user, token) == []


async def test_devices_are_listed_by_one_statement(user: Served, account: Account, token: str) -> None:
    await register(user, token, f"{account.id} one")
    costs = []
    for count in (1, 3):
        of = [{"__typename": "User", "id": account.id}] * count
        with user.statements() as sent:
            shown = (await user.execute(OF_USERS, token, of=of)).data["_entities"]
        assert shown == [{"devices": [{"platform": "IOS"}]}] * count
        costs.append(len(sent))
    assert costs[0] == costs[1]


async def test_devices_are_exported_without_their_tokens_and_go_with_the_account(
    user: Served, account: Account, token: str
) -> None:
    device = (await register(user, token, f"{account.id} secret"))["device"]
    document = (await user.execute(EXPORT, token)).data["accountExport"]["document"]
    assert f"{account.id} secret" not in document
    [exported] = orjson.loads(document)["devices"]
    assert (exported["id"], exported["platform"]) == (device["id"], "IOS")
    assert (await user.execute(CLOSE, token, password=PASSWORD)).data["accountDelete"]["__typename"] == (
        "AccountDeleteSuccess"
    )
    assert await tokens_of(user, account) == []
