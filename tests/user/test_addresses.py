"""Saved addresses: added, listed, changed and deleted by their owner, with one of them offered first."""

import asyncio
from collections import Counter
from typing import Any

import orjson
import pytest

from tests.support.accounts import PASSWORD, log_in, open_account
from tests.support.apps import Identities, Served
from tests.user.events import published

SHOWN = """id label recipient addressLine1 addressLine2 city region postalCode countryCode phone isDefault version"""
PROBLEM = "__typename ... on Problem { code }"
INVALID = "... on InvalidInputProblem { fields { path code } }"
CONFLICT = "... on ConflictProblem { currentVersion }"
CREATE = f"""mutation ($input: AddressCreateInput!) {{ addressCreate(input: $input) {{
  {PROBLEM} {INVALID} ... on AddressCreateSuccess {{ address {{ {SHOWN} }} }} }} }}"""
UPDATE = f"""mutation ($input: AddressUpdateInput!) {{ addressUpdate(input: $input) {{
  {PROBLEM} {INVALID} {CONFLICT} ... on AddressUpdateSuccess {{ address {{ {SHOWN} }} }} }} }}"""
SET_DEFAULT = f"""mutation ($id: ID!) {{ addressDefaultSet(input: {{ id: $id }}) {{
  {PROBLEM} ... on AddressDefaultSetSuccess {{ address {{ id isDefault version }} }} }} }}"""
DELETE = f"""mutation ($id: ID!) {{ addressDelete(input: {{ id: $id }}) {{
  {PROBLEM} ... on AddressDeleteSuccess {{ addressId }} }} }}"""
LIST = f"{{ me {{ addresses {{ {SHOWN} }} }} }}"
OF_USERS = """query ($of: [_Any!]!) { _entities(representations: $of) { ... on User { addresses { recipient } } } }"""
EXPORT = "mutation { accountExport { ... on AccountExportSuccess { document } } }"
CLOSE = """mutation ($password: String!) { accountDelete(input: { password: $password }) { __typename } }"""

HOME = {
    "recipient": "Anna Schneider",
    "addressLine1": "Bellmannstraße 12",
    "city": "Vienna",
    "postalCode": "1070",
    "countryCode": "AT",
}
NOTHING = {"label": None, "addressLine2": None, "region": None, "phone": None}


@pytest.fixture
async def token(user: Served) -> str:
    return str((await log_in(user, await open_account(user)))["accessToken"])


async def create(user: Served, token: str, address: Any = HOME, **more: Any) -> Any:
    return (await user.execute(CREATE, token, input={"address": address, **more})).data["addressCreate"]


async def listed(user: Served, token: str) -> list[Any]:
    found: list[Any] = (await user.execute(LIST, token)).data["me"]["addresses"]
    return found


async def test_the_first_address_is_the_default_and_is_kept_as_it_was_sent_but_for_blanks(
    user: Served, token: str
) -> None:
    given = HOME | {"city": " Vienna ", "countryCode": "at", "region": "", "phone": None}
    address = (await create(user, token, given))["address"]
    assert address == {**HOME, **NOTHING, "id": address["id"], "isDefault": True, "version": 1}
    assert await listed(user, token) == [address]


async def test_another_default_takes_the_place_of_the_former_one(user: Served, token: str) -> None:
    first = (await create(user, token))["address"]
    second = (await create(user, token, label="Work"))["address"]
    third = (await create(user, token, isDefault=True))["address"]
    assert [each["isDefault"] for each in (first, second, third)] == [True, False, True]
    assert [(each["id"], each["isDefault"], each["version"]) for each in await listed(user, token)] == [
        (first["id"], False, 2),
        (second["id"], False, 1),
        (third["id"], True, 1),
    ]
    for _ in range(2):
        chosen = (await user.execute(SET_DEFAULT, token, id=second["id"])).data["addressDefaultSet"]["address"]
        assert chosen == {"id": second["id"], "isDefault": True, "version": 2}
    assert [each["isDefault"] for each in await listed(user, token)] == [False, True, False]


async def test_the_oldest_address_that_is_left_follows_a_deleted_default(user: Served, token: str) -> None:
    first, second, third = [(await create(user, token, label=name))["address"]["id"] for name in "abc"]
    assert (await user.execute(DELETE, token, id=first)).data["addressDelete"]["addressId"] == first
    assert [(each["id"], each["isDefault"]) for each in await listed(user, token)] == [(second, True), (third, False)]
    assert (await user.execute(DELETE, token, id=third)).data["addressDelete"]["addressId"] == third
    assert (await user.execute(DELETE, token, id=second)).data["addressDelete"]["addressId"] == second
    assert await listed(user, token) == []
    assert (await create(user, token))["address"]["isDefault"]


async def test_an_address_is_replaced_as_a_whole_and_keeps_its_label(user: Served, token: str) -> None:
    before = (await create(user, token, HOME | {"phone": "+43 1 234"}, label="Home"))["address"]
    moved = {name: value for name, value in HOME.items() if name != "postalCode"} | {"city": "Graz"}
    given = {"id": before["id"], "version": 1, "address": moved}
    after = (await user.execute(UPDATE, token, input=given)).data["addressUpdate"]["address"]
    assert after == before | {"city": "Graz", "postalCode": None, "phone": None, "version": 2}
    unnamed = {"id": before["id"], "version": 2, "label": None}
    after = (await user.execute(UPDATE, token, input=unnamed)).data["addressUpdate"]["address"]
    assert (after["label"], after["city"], after["version"]) == (None, "Graz", 3)


async def test_a_stale_version_is_a_conflict_and_changes_nothing(user: Served, token: str) -> None:
    before = (await create(user, token))["address"]
    given = {"id": before["id"], "version": 7, "label": "Mine"}
    refused = (await user.execute(UPDATE, token, input=given)).data["addressUpdate"]
    assert refused == {"__typename": "ConflictProblem", "code": "VERSION_CONFLICT", "currentVersion": 1}
    assert await listed(user, token) == [before]


@pytest.mark.parametrize(
    ("changes", "path", "code"),
    [
        ({"recipient": " "}, "address.recipient", "TOO_SHORT"),
        ({"addressLine1": "x" * 101}, "address.addressLine1", "TOO_LONG"),
        ({"city": "Vien\u0007na"}, "address.city", "CONTROL_CHARACTER"),
        ({"postalCode": "1" * 21}, "address.postalCode", "TOO_LONG"),
        ({"phone": "1" * 41}, "address.phone", "TOO_LONG"),
        ({"countryCode": "Austria"}, "address.countryCode", "INVALID_COUNTRY"),
        ({"countryCode": "ÄT"}, "address.countryCode", "INVALID_COUNTRY"),
    ],
)
async def test_what_no_carrier_takes_is_refused_at_its_field_and_changes_nothing(
    user: Served, token: str, changes: dict[str, str], path: str, code: str
) -> None:
    refused = {
        "__typename": "InvalidInputProblem",
        "code": "INVALID_INPUT",
        "fields": [{"path": f"input.{path}", "code": code}],
    }
    assert await create(user, token, HOME | changes) == refused
    assert await listed(user, token) == []
    before = (await create(user, token))["address"]
    given = {"id": before["id"], "version": 1, "address": HOME | changes}
    assert (await user.execute(UPDATE, token, input=given)).data["addressUpdate"] == refused
    assert await listed(user, token) == [before]


async def test_an_update_says_what_to_change_and_removes_no_address(user: Served, token: str) -> None:
    before = (await create(user, token))["address"]
    for more, fields in (
        ({}, [{"path": "input.address", "code": "NOTHING_TO_CHANGE"}]),
        (
            {"address": None, "label": "x" * 41},
            [{"path": "input.address", "code": "REQUIRED"}, {"path": "input.label", "code": "TOO_LONG"}],
        ),
    ):
        given = {"id": before["id"], "version": 1, **more}
        assert (await user.execute(UPDATE, token, input=given)).data["addressUpdate"]["fields"] == fields
    assert await listed(user, token) == [before]


async def test_an_account_has_at_most_twenty_addresses(user: Served, token: str) -> None:
    answers = await asyncio.gather(*[create(user, token, label=str(number)) for number in range(23)])
    assert Counter(each.get("code") for each in answers) == {None: 20, "ILLEGAL_STATE": 3}
    found = await listed(user, token)
    assert len(found) == 20
    assert sum(each["isDefault"] for each in found) == 1


async def test_a_retry_with_the_same_key_saves_one_address(user: Served, token: str) -> None:
    answers = [await create(user, token, idempotencyKey="once") for _ in range(2)]
    assert answers[0] == answers[1]
    other = await create(user, token, HOME | {"city": "Graz"}, idempotencyKey="once")
    assert other["fields"] == [{"path": "input.idempotencyKey", "code": "KEY_REUSED"}]
    assert await listed(user, token) == [answers[0]["address"]]


async def test_nobody_else_reads_or_changes_an_address(user: Served, token: str, support: str, stranger: str) -> None:
    before = (await create(user, token))["address"]
    other = str((await log_in(user, await open_account(user)))["accessToken"])
    [mine] = [(await user.execute("{ me { id } }", token)).data["me"]["id"]]
    query = "query ($id: ID!) { user(id: $id) { addresses { recipient } } }"
    hidden = await user.execute(query, stranger, id=mine)
    assert (hidden.body["data"], hidden.codes) == ({"user": {"addresses": None}}, ["FORBIDDEN"])
    assert (await user.execute(query, support, id=mine)).data["user"]["addresses"] == [{"recipient": "Anna Schneider"}]
    for caller in (other, support):
        for answer in (
            (await user.execute(UPDATE, caller, input={"id": before["id"], "version": 1, "label": "x"})).data,
            (await user.execute(SET_DEFAULT, caller, id=before["id"])).data,
            (await user.execute(DELETE, caller, id=before["id"])).data,
        ):
            [problem] = answer.values()
            assert problem["code"] == "NOT_FOUND"
    assert (await user.execute(CREATE, None, input={"address": HOME})).codes == ["UNAUTHENTICATED"]
    assert await listed(user, token) == [before]


async def test_addresses_of_many_users_cost_as_much_as_those_of_one(
    user: Served, people: Identities, support: str
) -> None:
    accounts = [await open_account(user) for _ in range(3)]
    for account in accounts:
        for _ in range(2):
            await create(user, people.token(account.id))
    costs = []
    for asked in (accounts[:1], accounts):
        of = [{"__typename": "User", "id": account.id} for account in asked]
        with user.statements() as sent:
            shown = (await user.execute(OF_USERS, support, of=of)).data["_entities"]
        assert shown == [{"addresses": [{"recipient": "Anna Schneider"}] * 2}] * len(asked)
        costs.append(len(sent))
    assert costs[0] == costs[1]


async def test_addresses_are_exported_and_go_with_the_account(user: Served) -> None:
    account = await open_account(user)
    token = str((await log_in(user, account))["accessToken"])
    address = (await create(user, token, label="Home", idempotencyKey="zoo"))["address"]
    document = orjson.loads((await user.execute(EXPORT, token)).data["accountExport"]["document"])
    [exported] = document["addresses"]
    assert (exported["id"], exported["label"], exported["recipient"], exported["address_line1"]) == (
        address["id"],
        "Home",
        "Anna Schneider",
        "Bellmannstraße 12",
    )
    told = await published(user, account.id, "user.updated")
    assert told == {
        "user.updated": [{"user_id": account.id, "fields": ["addresses"], "order_emails": None, "locale": None}]
    }
    closed = (await user.execute(CLOSE, token, password=PASSWORD)).data["accountDelete"]
    assert closed["__typename"] == "AccountDeleteSuccess"
    async with user.database.read() as connection:
        for table, column in (("address", "user_id"), ("idempotency_key", "viewer_id")):
            left = await connection.exec_driver_sql(
                f"SELECT count(*) FROM {table} WHERE {column} = $1",  # noqa: S608 (names of this test)
                (account.id,),
            )
            assert left.scalar() == 0, table
