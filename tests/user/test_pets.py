"""Pets: added, listed, changed and deleted by their owner, with measures in several units."""

import asyncio
from collections import Counter
from typing import Any

import orjson
import pytest

from tests.support.accounts import PASSWORD, log_in, open_account
from tests.support.apps import Identities, Served
from tests.user.events import published

SHOWN = """id name species breed size version measures {
  neck { millimetres centimetres inches } chest { millimetres } back { millimetres } length { millimetres }
  weight { grams kilograms pounds }
}"""
PROBLEM = "__typename ... on Problem { code }"
INVALID = "... on InvalidInputProblem { fields { path code } }"
CONFLICT = "... on ConflictProblem { currentVersion }"
CREATE = f"""mutation ($input: PetCreateInput!) {{ petCreate(input: $input) {{
  {PROBLEM} {INVALID} ... on PetCreateSuccess {{ pet {{ {SHOWN} }} }} }} }}"""
UPDATE = f"""mutation ($input: PetUpdateInput!) {{ petUpdate(input: $input) {{
  {PROBLEM} {INVALID} {CONFLICT} ... on PetUpdateSuccess {{ pet {{ {SHOWN} }} }} }} }}"""
DELETE = f"""mutation ($id: ID!) {{ petDelete(input: {{ id: $id }}) {{
  {PROBLEM} ... on PetDeleteSuccess {{ petId }} }} }}"""
LIST = f"{{ me {{ pets {{ {SHOWN} }} }} }}"
OF_USERS = "query ($of: [_Any!]!) { _entities(representations: $of) { ... on User { pets { name } } } }"
EXPORT = "mutation { accountExport { ... on AccountExportSuccess { document } } }"
CLOSE = """mutation ($password: String!) { accountDelete(input: { password: $password }) { __typename } }"""
UNKNOWN = dict.fromkeys(("neck", "chest", "back", "length", "weight"))


@pytest.fixture
async def token(user: Served) -> str:
    return str((await log_in(user, await open_account(user)))["accessToken"])


async def create(user: Served, token: str, **given: Any) -> Any:
    given = {"name": "Bruno", "species": "DOG"} | given
    return (await user.execute(CREATE, token, input=given)).data["petCreate"]


async def update(user: Served, token: str, **given: Any) -> Any:
    return (await user.execute(UPDATE, token, input=given)).data["petUpdate"]


async def listed(user: Served, token: str) -> list[Any]:
    found: list[Any] = (await user.execute(LIST, token)).data["me"]["pets"]
    return found


async def test_a_pet_is_kept_with_its_measures_in_all_units(user: Served, token: str) -> None:
    measures = {"neckMillimetres": 389, "weightGrams": 12_999}
    pet = (await create(user, token, name=" Bruno ", breed="Whippet", size="MEDIUM", measures=measures))["pet"]
    assert pet == {
        "id": pet["id"],
        "name": "Bruno",
        "species": "DOG",
        "breed": "Whippet",
        "size": "MEDIUM",
        "version": 1,
        "measures": UNKNOWN
        | {
            # Rounded down: a size fits below its limit.
            "neck": {"millimetres": 389, "centimetres": 38, "inches": 15.3},
            "weight": {"grams": 12_999, "kilograms": 12, "pounds": 28.7},
        },
    }
    assert await listed(user, token) == [pet]


async def test_little_need_be_known_of_a_pet(user: Served, token: str) -> None:
    pet = (await create(user, token, species="OTHER"))["pet"]
    assert (pet["species"], pet["breed"], pet["size"], pet["measures"]) == ("OTHER", None, None, UNKNOWN)


async def test_what_is_left_out_stays_and_measures_are_replaced_as_a_whole(user: Served, token: str) -> None:
    measures = {"neckMillimetres": 380, "chestMillimetres": 600}
    before = (await create(user, token, breed="Whippet", size="SMALL", measures=measures))["pet"]
    after = (await update(user, token, id=before["id"], version=1, name="Rex"))["pet"]
    assert after == before | {"name": "Rex", "version": 2}
    grown = {"id": before["id"], "version": 2, "size": None, "breed": "", "measures": {"backMillimetres": 410}}
    after = (await update(user, token, **grown))["pet"]
    assert (after["breed"], after["size"]) == (None, None)
    assert after["measures"] == UNKNOWN | {"back": {"millimetres": 410}}
    after = (await update(user, token, id=before["id"], version=3, measures=None))["pet"]
    assert after["measures"] == UNKNOWN


@pytest.mark.parametrize(
    ("given", "fields"),
    [
        ({"name": ""}, [("name", "TOO_SHORT")]),
        ({"name": "x" * 61, "breed": "x" * 81}, [("name", "TOO_LONG"), ("breed", "TOO_LONG")]),
        ({"measures": {"neckMillimetres": 9}}, [("measures.neckMillimetres", "OUT_OF_RANGE")]),
        ({"measures": {"lengthMillimetres": 3001}}, [("measures.lengthMillimetres", "OUT_OF_RANGE")]),
        ({"measures": {"weightGrams": 200_001}}, [("measures.weightGrams", "OUT_OF_RANGE")]),
    ],
)
async def test_what_no_pet_is_like_is_refused_at_its_field_and_changes_nothing(
    user: Served, token: str, given: dict[str, Any], fields: list[tuple[str, str]]
) -> None:
    refused = {
        "__typename": "InvalidInputProblem",
        "code": "INVALID_INPUT",
        "fields": [{"path": f"input.{path}", "code": code} for path, code in fields],
    }
    assert await create(user, token, **given) == refused
    assert await listed(user, token) == []
    before = (await create(user, token))["pet"]
    assert await update(user, token, id=before["id"], version=1, **given) == refused
    assert await listed(user, token) == [before]


async def test_a_name_and_a_species_cannot_be_removed_and_an_update_changes_something(user: Served, token: str) -> None:
    before = (await create(user, token))["pet"]
    refused = await update(user, token, id=before["id"], version=1, name=None, species=None)
    assert [(each["path"], each["code"]) for each in refused["fields"]] == [
        ("input.name", "REQUIRED"),
        ("input.species", "REQUIRED"),
    ]
    refused = await update(user, token, id=before["id"], version=1)
    assert refused["fields"] == [{"path": "input.name", "code": "NOTHING_TO_CHANGE"}]
    stale = await update(user, token, id=before["id"], version=2, name="Rex")
    assert stale == {"__typename": "ConflictProblem", "code": "VERSION_CONFLICT", "currentVersion": 1}
    assert await listed(user, token) == [before]


async def test_an_account_has_at_most_twenty_pets(user: Served, token: str) -> None:
    answers = await asyncio.gather(*[create(user, token) for _ in range(22)])
    assert Counter(each.get("code") for each in answers) == {None: 20, "ILLEGAL_STATE": 2}
    assert len(await listed(user, token)) == 20


async def test_a_retry_with_the_same_key_adds_one_pet(user: Served, token: str) -> None:
    answers = await asyncio.gather(*[create(user, token, idempotencyKey="once") for _ in range(3)])
    assert await listed(user, token) == [answers[0]["pet"]]
    assert answers == [answers[0]] * 3


async def test_nobody_else_reads_changes_or_deletes_a_pet(
    user: Served, token: str, support: str, stranger: str
) -> None:
    before = (await create(user, token))["pet"]
    other = str((await log_in(user, await open_account(user)))["accessToken"])
    mine = (await user.execute("{ me { id } }", token)).data["me"]["id"]
    hidden = await user.execute("query ($id: ID!) { user(id: $id) { pets { name } } }", stranger, id=mine)
    assert (hidden.body["data"], hidden.codes) == ({"user": {"pets": None}}, ["FORBIDDEN"])
    for caller in (other, support):
        assert (await update(user, caller, id=before["id"], version=1, name="Rex"))["code"] == "NOT_FOUND"
        assert (await user.execute(DELETE, caller, id=before["id"])).data["petDelete"]["code"] == "NOT_FOUND"
    assert (await user.execute(DELETE, None, id=before["id"])).codes == ["UNAUTHENTICATED"]
    assert await listed(user, token) == [before]
    assert (await user.execute(DELETE, token, id=before["id"])).data["petDelete"]["petId"] == before["id"]
    assert await listed(user, token) == []


async def test_pets_of_many_users_cost_as_much_as_those_of_one(user: Served, people: Identities, support: str) -> None:
    accounts = [await open_account(user) for _ in range(3)]
    for account in accounts:
        await create(user, people.token(account.id))
    costs = []
    for asked in (accounts[:1], accounts):
        of = [{"__typename": "User", "id": account.id} for account in asked]
        with user.statements() as sent:
            shown = (await user.execute(OF_USERS, support, of=of)).data["_entities"]
        assert shown == [{"pets": [{"name": "Bruno"}]}] * len(asked)
        costs.append(len(sent))
    assert costs[0] == costs[1]


async def test_pets_are_exported_and_go_with_the_account(user: Served) -> None:
    account = await open_account(user)
    token = str((await log_in(user, account))["accessToken"])
    pet = (await create(user, token, measures={"neckMillimetres": 380}))["pet"]
    document = orjson.loads((await user.execute(EXPORT, token)).data["accountExport"]["document"])
    [exported] = document["pets"]
    assert (exported["id"], exported["name"], exported["species"]) == (pet["id"], "Bruno", "DOG")
    assert (exported["neck_millimetres"], exported["weight_grams"]) == (380, None)
    told = await published(user, account.id, "user.updated")
    assert [each["fields"] for each in told["user.updated"]] == [["pets"]]
    closed = (await user.execute(CLOSE, token, password=PASSWORD)).data["accountDelete"]
    assert closed["__typename"] == "AccountDeleteSuccess"
    async with user.database.read() as connection:
        left = await connection.exec_driver_sql("SELECT count(*) FROM pet WHERE user_id = $1", (account.id,))
        assert left.scalar() == 0
