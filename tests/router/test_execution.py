"""Any valid document gets the answer of the specification, however its fields are written, and errors their places."""

import json
from typing import Any

import pytest

from tests.router.servers import Testbed
from tests.router.tokens import token

ME = {"name": "Person u1 ñ🐾"}
ORDERS = [{"id": "o1"}]


def places(answer: dict[str, Any]) -> list[tuple[str, list[str | int]]]:
    return [(error["extensions"]["code"], error["path"]) for error in answer["errors"]]


@pytest.mark.parametrize("excluded", ["id @skip(if: true)", "id @include(if: $no)", "...Key @skip(if: true)"])
async def test_a_key_that_the_client_excludes_still_finds_the_entity(testbed: Testbed, excluded: str) -> None:
    query = f"query ($no: Boolean!) {{ me {{ {excluded} orders {{ id }} }} }} fragment Key on User {{ id }}"
    if "...Key" not in excluded:
        query = query.partition(" fragment")[0]
    if "$no" not in excluded:
        query = query.replace("query ($no: Boolean!) ", "")
    assert await testbed.execute(query, no=False) == {"data": {"me": {"orders": ORDERS}}}


@pytest.mark.parametrize("twice", ["name @skip(if: true) name", "name @include(if: false) name @include(if: true)"])
async def test_a_field_is_there_when_one_of_its_selections_is_included(testbed: Testbed, twice: str) -> None:
    assert await testbed.execute(f"{{ me {{ {twice} orders {{ id }} }} }}") == {
        "data": {"me": {**ME, "orders": ORDERS}}
    }


async def test_the_payload_of_a_mutation_may_be_conditional(testbed: Testbed) -> None:
    query = """mutation ($no: Boolean!) {
        orderStatusAdvance(orderId: "conditional") @include(if: $no)
        orderStatusAdvance(orderId: "conditional") }"""
    assert await testbed.execute(query, no=False) == {"data": {"orderStatusAdvance": 1}}
    assert await testbed.execute(query, no=True) == {"data": {"orderStatusAdvance": 2}}


async def test_conditions_are_decided_for_each_request(testbed: Testbed) -> None:
    query = "query ($named: Boolean! = true) { me { name @include(if: $named) orders @skip(if: $named) { id } } }"
    for _ in range(2):
        assert await testbed.execute(query) == {"data": {"me": ME}}
        assert await testbed.execute(query, named=False) == {"data": {"me": {"orders": ORDERS}}}


async def test_aliases_may_be_named_like_keys_and_members_of_objects(testbed: Testbed) -> None:
    query = "{ me { id: name __typename: id __proto__: name then: id name: id orders { id: __typename } } }"
    answer = (await testbed.post(query)).text
    assert '"id":"Person u1 ñ🐾","__typename":"u1","__proto__":"Person u1 ñ🐾","then":"u1","name":"u1"' in answer
    assert '"orders":[{"id":"Order"}]' in answer


async def test_events_may_have_conditions_and_aliases_of_keys(testbed: Testbed) -> None:
    query = """subscription { orderStatusChanged(orderId: "o77") {
        version order { customer { id: name } design { id @skip(if: true) name } } } }"""
    await testbed.execute('mutation { orderStatusAdvance(orderId: "o77") }')
    events = await testbed.events(query, count=1)
    order = {"customer": {"id": ME["name"]}, "design": {"name": "Design d77"}}
    assert events == [{"data": {"orderStatusChanged": {"version": 1, "order": order}}}]


async def test_the_error_of_an_entity_is_told_at_each_of_its_places(testbed: Testbed) -> None:
    query = '{ orders(ids: ["o1", "o500", "o2", "o500"]) { design { name } } }'
    answer = await testbed.execute(query)
    names = [order["design"]["name"] for order in answer["data"]["orders"]]
    assert names == ["Design d1", None, "Design d2", None]
    expected = [("BROKEN", ["orders", at, "design", "name"]) for at in (1, 3)]
    assert places(answer) == expected


async def test_a_missing_entity_is_null_where_it_may_be_and_not_found_where_it_must_not(testbed: Testbed) -> None:
    optional = await testbed.execute('{ orders(ids: ["o404", "o1"]) { design { name } } }')
    assert optional == {"data": {"orders": [{"design": {"name": None}}, {"design": {"name": "Design d1"}}]}}
    required = await testbed.execute('{ orders(ids: ["o1", "o404"]) { id design { code } } }')
    assert required["data"] == {"orders": [{"id": "o1", "design": {"code": "D"}}, {"id": "o404", "design": None}]}
    assert places(required) == [("NOT_FOUND", ["orders", 1, "design", "code"])]


async def test_each_field_of_a_subgraph_that_is_away_has_an_error_at_its_place(testbed: Testbed) -> None:
    answer = await testbed.execute('{ orders(ids: ["o1", "o2"]) { customer { trail again: trail } } }')
    assert answer["data"] == {"orders": [{"customer": {"trail": None, "again": None}}] * 2}
    paths = [["orders", at, "customer", name] for at in range(2) for name in ("trail", "again")]
    assert places(answer) == [("SUBGRAPH_UNAVAILABLE", path) for path in paths]


async def test_a_text_that_equals_a_type_is_no_denied_field(testbed: Testbed) -> None:
    answer = await testbed.execute('{ me { email } design(id: "User") { email: id } }')
    assert answer["data"] == {"me": {"email": None}, "design": {"email": "User"}}
    assert places(answer) == [("UNAUTHENTICATED", ["me", "email"])]


async def test_a_denied_field_that_is_excluded_denies_nothing(testbed: Testbed) -> None:
    query = """mutation ($no: Boolean!) {
        orderStatusSet(orderId: "excluded") @include(if: $no) orderStatusAdvance(orderId: "excluded") }"""
    headers = {"authorization": f"Bearer {token()}"}
    excluded = (await testbed.post(query, headers=headers, no=False)).json()
    assert (excluded["data"], excluded.get("errors")) == ({"orderStatusAdvance": 1}, None)
    denied = (await testbed.post(query, headers=headers, no=True)).json()
    assert (denied["data"], places(denied)) == (None, [("FORBIDDEN", ["orderStatusSet"])])
    assert await testbed.execute('mutation { orderStatusAdvance(orderId: "excluded") }') == {
        "data": {"orderStatusAdvance": 2}
    }


@pytest.mark.parametrize("text", ["a\b\f\x7f\x00z", 'a"b\\c', "Zoë 🐾\u2028\n", ""])
async def test_texts_arrive_as_they_were_written(testbed: Testbed, text: str) -> None:
    shown = {"data": {"design": {"id": text}}}
    assert await testbed.execute(f"{{ design(id: {json.dumps(text)}) {{ id }} }}") == shown
    default = f"query ($id: ID = {json.dumps(text)}) {{ design(id: $id) {{ id }} }}"
    assert await testbed.execute(default) == shown
    assert await testbed.execute(default, id="d2") == {"data": {"design": {"id": "d2"}}}


async def test_a_block_string_arrives_without_its_indentation(testbed: Testbed) -> None:
    query = '{ design(id: """\n    d1\n      "d2"\n    """) { id } }'
    assert await testbed.execute(query) == {"data": {"design": {"id": 'd1\n  "d2"'}}}


@pytest.mark.parametrize("number", ["12345678901234567890123", "-0", "7"])
async def test_an_id_may_be_written_as_a_number(testbed: Testbed, number: str) -> None:
    assert await testbed.execute(f"{{ design(id: {number}) {{ id }} }}") == {"data": {"design": {"id": number}}}


async def test_the_schema_is_read_beside_data(testbed: Testbed) -> None:
    query = """query ($type: String!) { kind: __typename me { name }
        __type(name: $type) { fields { name } } __schema { queryType { name } } }"""
    answer = await testbed.execute(query, type="StatusChange")
    assert answer["data"] == {
        "kind": "Query",
        "me": ME,
        "__type": {"fields": [{"name": "version"}, {"name": "order"}]},
        "__schema": {"queryType": {"name": "Query"}},
    }


async def test_clients_do_not_see_the_directives_of_the_router(testbed: Testbed) -> None:
    answer = await testbed.execute("{ __schema { directives { name } types { name } } }")
    schema = answer["data"]["__schema"]
    assert sorted(each["name"] for each in schema["directives"]) == [
        "deprecated", "include", "oneOf", "skip", "specifiedBy",
    ]  # fmt: skip
    assert [each["name"] for each in schema["types"] if "__" in each["name"][2:] or "requires" in each["name"]] == []


TEXTS = {
    r"\b \f \\b \u0008 \u0001 \u007f \/ \" \t": '\b \f \\b \b \x01 \x7f / " \t',
    r"\u{1F43E} \ud83d\udc3e 🐾 \u2028": "🐾 🐾 🐾 \u2028",
}


@pytest.mark.parametrize("written", TEXTS)
async def test_a_text_in_a_document_arrives_with_all_its_characters(testbed: Testbed, written: str) -> None:
    expected = {"data": {"measured": f"{TEXTS[written]} None"}}
    assert await testbed.execute(f'{{ measured(id: "{written}") }}') == expected
    assert await testbed.execute(f'query ($id: ID = "{written}") {{ measured(id: $id) }}') == expected


async def test_a_block_string_arrives_as_it_is_meant(testbed: Testbed) -> None:
    answer = await testbed.execute('{ measured(id: """\n  a\\b "c"\n  d\n  """) }')
    assert answer == {"data": {"measured": 'a\\b "c"\nd None'}}
