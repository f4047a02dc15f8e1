"""Representations that are not coerced one by one are answered as those that are."""

from typing import Any

import pytest

from shared.core.ids import new_id
from shared.core.settings import Settings
from subgraphs.audit.subgraph import subgraph
from tests.support.apps import serve

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
