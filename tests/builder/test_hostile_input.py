"""What clients should not send: each a typed problem or a coded error, and nothing is changed."""

from typing import Any

import pytest

from tests.builder.support import Maker, attempt, config, run, stored, words
from tests.support.apps import Served

TEXT = "input.config.text"


@pytest.mark.parametrize(
    ("changes", "path", "code"),
    [
        (
            {"product": "LEASH", "size": "EXTRA_LARGE", "primaryColor": "BLACK", "text": None},
            "input.config.size",
            "SIZE_NOT_OFFERED",
        ),
        ({"material": "CERAMIC"}, "input.config.material", "MATERIAL_NOT_OFFERED"),
        ({"primaryColor": "WHITE", "secondaryColor": None, "pattern": "SOLID"}, "input.config.primaryColor", "COLOR"),
        ({"secondaryColor": "PINK"}, "input.config.secondaryColor", "COLOR_PAIR_NOT_OFFERED"),
        ({"secondaryColor": "NAVY"}, "input.config.secondaryColor", "COLOR_PAIR_NOT_OFFERED"),
        ({"secondaryColor": None}, "input.config.secondaryColor", "SECONDARY_COLOR_REQUIRED"),
        ({"hardware": None}, "input.config.hardware", "HARDWARE_REQUIRED"),
        ({"product": "LEASH", "hardware": "ROSE_GOLD", "primaryColor": "BLACK", "text": None}, None, "HARDWARE"),
        ({"material": "HEMP", "pattern": "DOTS"}, "input.config.pattern", "PATTERN_NOT_OFFERED"),
        ({"text": words(content="x" * 17)}, f"{TEXT}.content", "TOO_LONG"),
        ({"text": words(content="x" * 100_000)}, f"{TEXT}.content", "TOO_LONG"),
        ({"text": words(content="   ")}, f"{TEXT}.content", "TOO_SHORT"),
        ({"text": words(content="a\u0007b")}, f"{TEXT}.content", "CONTROL_CHARACTER"),
        ({"text": words(content="a\nb")}, f"{TEXT}.content", "CONTROL_CHARACTER"),
        ({"text": words(content="犬")}, f"{TEXT}.content", "CHARACTER_NOT_OFFERED"),
        ({"text": words(content="a\u200bb")}, f"{TEXT}.content", "CHARACTER_NOT_OFFERED"),
        ({"text": words(content="a\u202eb")}, f"{TEXT}.content", "CHARACTER_NOT_OFFERED"),
        ({"text": words(content="e\u0301\u0302")}, f"{TEXT}.content", "CHARACTER_NOT_OFFERED"),
        ({"text": words(font="SERIF")}, f"{TEXT}.font", "FONT_NOT_OFFERED"),
        ({"text": words(position="BACK")}, f"{TEXT}.position", "POSITION_NOT_OFFERED"),
        ({"text": words(technique="ENGRAVING", color=None)}, f"{TEXT}.technique", "TECHNIQUE_NOT_OFFERED"),
        ({"text": words(color=None)}, f"{TEXT}.color", "TEXT_COLOR_REQUIRED"),
        ({"text": words(color="PINK")}, f"{TEXT}.color", "TEXT_COLOR_NOT_OFFERED"),
        ({"primaryColor": "RED", "text": words(color="RED")}, f"{TEXT}.color", "TEXT_COLOR_UNREADABLE"),
    ],
)
async def test_a_broken_rule_is_named_and_nothing_is_made(
    builder: Served, make: Maker, customer: str, changes: dict[str, Any], path: str | None, code: str
) -> None:
    design = await make()
    before = await stored(builder)
    wrong = config(**changes)
    made = await run(builder, "designCreate", customer, name="x", config=wrong, idempotencyKey="k")
    changed = await run(builder, "designUpdate", customer, id=design["id"], version=1, config=wrong)
    for result in (made, changed):
        assert (result["__typename"], result["code"]) == ("InvalidInputProblem", "INVALID_INPUT")
        [field] = result["fields"]
        assert field["path"] == (path or "input.config.hardware")
        assert field["code"].startswith(code)
    assert await stored(builder) == before


async def test_all_broken_rules_are_named_together(builder: Served, customer: str) -> None:
    wrong = config(size="SMALL", material="LEATHER", primaryColor="PINK", secondaryColor="PINK", hardware=None)
    result = await run(builder, "designCreate", customer, name="", config=wrong, idempotencyKey="")
    assert [(field["path"], field["code"]) for field in result["fields"]] == [
        ("input.name", "TOO_SHORT"),
        ("input.config.hardware", "HARDWARE_REQUIRED"),
        ("input.config.primaryColor", "COLOR_NOT_OFFERED"),
        ("input.config.pattern", "PATTERN_NOT_OFFERED"),
        ("input.config.secondaryColor", "COLOR_PAIR_NOT_OFFERED"),
        ("input.config.text.technique", "TECHNIQUE_NOT_OFFERED"),
        ("input.idempotencyKey", "TOO_SHORT"),
    ]


@pytest.mark.parametrize(
    ("name", "code"),
    [("", "TOO_SHORT"), (" \t ", "TOO_SHORT"), ("x" * 81, "TOO_LONG"), ("a\u009bb", "CONTROL_CHARACTER")],
)
async def test_a_wrong_name_is_refused_everywhere(
    builder: Served, make: Maker, customer: str, name: str, code: str
) -> None:
    design = await make()
    before = await stored(builder)
    calls: dict[str, dict[str, Any]] = {
        "designCreate": {"config": config()},
        "designCreateFromPreset": {"presetId": "x"},
        "designUpdate": {"id": design["id"], "version": 1},
        "designDuplicate": {"id": design["id"]},
    }
    for mutation, given in calls.items():
        result = await run(builder, mutation, customer, name=name, **given)
        assert result["fields"] == [{"path": "input.name", "code": code}]
    assert await stored(builder) == before


@pytest.mark.parametrize(
    "given",
    [
        {"name": "x"},
        {"name": "x", "config": None},
        {"name": "x", "config": []},
        {"name": "x", "config": "COLLAR"},
        {"name": 7, "config": config()},
        {"name": "x", "config": config(product="SOFA")},
        {"name": "x", "config": config(primaryColor="navy")},
        {"name": "x", "config": config(size=3)},
        {"name": "x", "config": config(text={"content": "Rex"})},
        {"name": "x", "config": config(stickers=[])},
        {"name": "x", "config": config(), "currency": "XBT"},
        {"name": "x", "config": config(), "ownerId": "usr_x"},
        {"name": "x", "config": config(), "price": 1},
    ],
)
async def test_what_the_schema_does_not_know_is_refused(builder: Served, customer: str, given: dict[str, Any]) -> None:
    before = await stored(builder)
    answer = await attempt(builder, "designCreate", customer, **given)
    assert answer.status in (200, 400)
    assert set(answer.codes) == {"BAD_USER_INPUT"}
    assert await stored(builder) == before


async def test_null_characters_are_refused(builder: Served, customer: str) -> None:
    before = await stored(builder)
    for given in ({"name": "a\x00b", "config": config()}, {"name": "x", "config": config(text=words(content="\x00"))}):
        answer = await attempt(builder, "designCreate", customer, **given)
        assert (answer.status, answer.codes) == (400, ["BAD_REQUEST"])
    for query in ('{ design(id: "\\u0000") { id } }', '{ designs(filter: { search: "\\u0000" }) { totalCount } }'):
        assert (await builder.execute(query, customer)).codes == ["GRAPHQL_VALIDATION_FAILED"]
    assert await stored(builder) == before


@pytest.mark.parametrize("version", [2**31, -(2**31) - 1, 1.5, "1", True, None])
async def test_versions_out_of_range_are_refused(builder: Served, make: Maker, customer: str, version: Any) -> None:
    design = await make()
    before = await stored(builder)
    for name in ("designUpdate", "designDelete"):
        answer = await attempt(builder, name, customer, id=design["id"], version=version)
        assert answer.codes == ["BAD_USER_INPUT"]
    assert await stored(builder) == before


@pytest.mark.parametrize(
    "arguments",
    [
        "first: 101",
        "first: -1",
        "last: 101",
        "first: 1, last: 1",
        'first: 1, before: "x"',
        'after: "x"',
        'after: ""',
        'after: "W10"',
        'after: "WyJwcmljZV9taW5vciIsMSwiZGVzXyJd"',
        'after: "ä"',
        'before: "WyJjcmVhdGVkX2F0IiwibmV2ZXIiLCJ4Il0"',
    ],
)
@pytest.mark.parametrize("field", ["designs", "presets"])
async def test_wrong_pages_are_refused(builder: Served, customer: str, field: str, arguments: str) -> None:
    answer = await builder.execute(f"{{ {field}({arguments}) {{ totalCount }} }}", customer)
    assert (answer.body["data"], answer.codes) == ({field: None}, ["INVALID_INPUT"])


async def test_a_control_character_in_a_search_is_refused(builder: Served, customer: str) -> None:
    query = "query ($s: String!) { designs(filter: { search: $s }) { totalCount } }"
    for search in ("a\u0001b", "x" * 201):
        assert (await builder.execute(query, customer, s=search)).codes == ["INVALID_INPUT"]


async def test_odd_ids_name_nothing(builder: Served, customer: str) -> None:
    query = "query ($id: ID!) { design(id: $id) { id } preset(id: $id) { id } product(id: $id) { id } }"
    odd: list[Any] = ["", "x", "des_", "DES_01", "\u2603", "%", "'; --", "x" * 100_000, 0, 2**70]
    for key in odd:
        answer = await builder.execute(query, customer, id=key)
        assert answer.data == {"design": None, "preset": None, "product": None}
    wrong: list[Any] = [1.5, True, [], {}, None]
    for key in wrong:
        assert (await builder.execute(query, customer, id=key)).codes == ["BAD_USER_INPUT"]


async def test_half_characters_are_refused(builder: Served, customer: str) -> None:
    literal = await builder.execute('{ design(id: "\\uD800") { id } }', customer)
    assert literal.codes == ["GRAPHQL_PARSE_FAILED"]
    body = b'{"query": "query ($id: ID!) { design(id: $id) { id } }", "variables": {"id": "\\ud800"}}'
    response = await builder.client.post("/graphql", content=body, headers={"content-type": "application/json"})
    assert response.status_code == 400


async def test_wrong_pages_of_a_user_are_refused(builder: Served, customer: str, customer_id: str) -> None:
    for arguments in ("first: 101", "first: -1", 'after: "x"', "first: 1, last: 1"):
        query = f"""query ($r: [_Any!]!) {{ _entities(representations: $r) {{
          ... on User {{ id designs({arguments}) {{ totalCount }} }}
        }} }}"""
        answer = await builder.execute(query, customer, r=[{"__typename": "User", "id": customer_id}])
        assert answer.body["data"] == {"_entities": [{"id": customer_id, "designs": None}]}
        assert answer.codes == ["INVALID_INPUT"]
