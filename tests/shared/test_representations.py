"""Representations: answered as if they were coerced one by one, and wrong ones are told at their own place."""

from typing import Any

import pytest

from petplus import registry
from shared.core.ids import new_id
from shared.core.settings import Settings
from subgraphs.audit.subgraph import subgraph
from tests.support.apps import Identities, serve

ONE, OTHER = ({"__typename": "Order", "id": new_id("ord")} for _ in range(2))
ANSWERED = "_entities(representations: $r) { __typename ... on Order { id } }"


@pytest.mark.parametrize(
    ("query", "variables"),
    [
        (f"query ($r: [_Any!]!) {{ {ANSWERED} }}", {"r": [ONE, OTHER, ONE]}),
        (f"query ($r: [_Any!]!) {{ {ANSWERED} }}", {"r": []}),
        (f"query ($r: [_Any!]!) {{ {ANSWERED} }}", {"r": [ONE, None]}),
        (f"query ($r: [_Any!]!) {{ {ANSWERED} }}", {"r": ONE}),
        (f"query ($r: [_Any!]!) {{ {ANSWERED} }}", {"r": "Order"}),
        (f"query ($r: [_Any!]!) {{ {ANSWERED} }}", {"r": None}),
        (f"query ($r: [_Any!]!) {{ {ANSWERED} }}", {}),
        (f"query ($r: [_Any!]! = []) {{ {ANSWERED} }}", {"r": [OTHER]}),
        (
            f"query ($r: [_Any!]!, $s: [_Any!]!) {{ {ANSWERED} b: {ANSWERED.replace('$r', '$s')} }}",
            {"r": [ONE], "s": [OTHER]},
        ),
        ("query ($r: _Any!) { _entities(representations: [$r, $r]) { __typename } }", {"r": ONE}),
        ("query ($r: [_Any!]!, $n: Int!) { _entities(representations: $r) { __typename } }", {"r": [ONE], "n": "x"}),
        (f"query ($r: [_Any!]!) {{ {ANSWERED} }}", {"r": [ONE, {"__typename": "Order"}, OTHER]}),
        (f"query A {{ __typename }} query B($r: [_Any!]!) {{ {ANSWERED} }}", {"r": [ONE]}),
    ],
)
async def test_representations_are_answered_as_if_they_were_coerced(
    settings: Settings, support: str, query: str, variables: dict[str, Any]
) -> None:
    answers = []
    for mode in ("off", "always"):
        async with serve(subgraph, settings.model_copy(update={"compiled": mode})) as audit:
            answer = await audit.execute(query, support, **variables)
            answers.append((answer.status, answer.body))
    assert answers[0] == answers[1]


@pytest.mark.parametrize("mode", ["off", "always"])
@pytest.mark.parametrize("name", registry.NAMES)
@pytest.mark.parametrize("wrong", [{}, {"id": None}, {"id": 1}, {"id": ["x"]}, {"id": {"id": "x"}}, {"ID": "x"}])
async def test_a_representation_without_its_key_is_an_error_at_its_place(
    settings: Settings, support: str, name: str, mode: str, wrong: dict[str, Any]
) -> None:
    async with serve(registry.load(name), settings.model_copy(update={"compiled": mode})) as served:
        for kind in served.subgraph.schema.entities:
            good = {"__typename": kind, "id": "x_01h2xcejqtf2nbrexx3vqjhp41"}
            answer = await served.execute(
                "query ($r: [_Any!]!) { _entities(representations: $r) { __typename } }",
                support,
                r=[good, {"__typename": kind, **wrong}, good],
            )
            assert answer.body["data"] == {"_entities": [None, None, None]}
            (error,) = answer.body["errors"]
            assert error["path"] == ["_entities", 1]
            assert error["extensions"]["code"] == "INVALID_INPUT"
            assert error["message"] == f"A representation of {kind} needs its key `id`, a string."


async def test_errors_of_entities_name_their_place(settings: Settings, people: Identities) -> None:
    own, other, third = (new_id("usr") for _ in range(3))
    query = """query ($r: [_Any!]!) { people: _entities(representations: $r) {
      ... on User { id name settings: preferences { theme } } } }"""
    answers = []
    for mode in ("off", "always"):
        async with serve(registry.load("user"), settings.model_copy(update={"compiled": mode})) as user:
            representations: list[Any] = [{"__typename": "User", "id": key} for key in (other, own, third)]
            answer = await user.execute(query, people.token(own), r=[*representations, {"__typename": "User"}])
            answers.append(sorted(answer.body["errors"], key=lambda error: str(error["path"])))
            assert answer.body["data"]["people"][1:] == [None, {"id": third, "name": None, "settings": None}, None]
    assert [(error["path"], error["extensions"]["code"]) for error in answers[0]] == [
        (["people", 0, "name"], "FORBIDDEN"),
        (["people", 0, "settings"], "FORBIDDEN"),
        (["people", 2, "name"], "FORBIDDEN"),
        (["people", 2, "settings"], "FORBIDDEN"),
        (["people", 3], "INVALID_INPUT"),
    ]
    assert answers[0] == answers[1]
