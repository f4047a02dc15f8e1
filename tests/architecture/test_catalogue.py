"""The catalogue of events: fresh, complete, and never broken."""

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from petplus import registry
from petplus.generated import event_catalogue as catalogue
from shared.events.event import EVENT_TYPES
from subgraphs.user.events import UserDeleted

Change = Callable[[dict[str, Any]], object]


def test_the_checked_in_catalogue_is_fresh() -> None:
    assert catalogue.FILE.read_text(encoding="utf-8") == catalogue.text()


def test_every_event_of_the_code_is_in_it_with_a_sentence() -> None:
    messages = catalogue.document()["components"]["messages"]
    declared = {name: kind for name, kind in EVENT_TYPES.items() if kind.__module__.startswith("subgraphs.")}
    assert set(messages) == set(declared)
    assert len(messages) > 20
    assert [name for name, message in messages.items() if not message["summary"].endswith(".")] == []


def test_it_tells_who_publishes_and_who_hears() -> None:
    document = catalogue.document()
    deleted = document["components"]["messages"]["user.deleted"]
    assert (deleted["x-aggregate"], deleted["x-published-by"]) == ("user_id", "user")
    assert {"builder", "order", "webhook", "analytics", "audit"} <= set(deleted["x-heard-by"])
    assert deleted["x-heard-by"] == [each.name for each in registry.load_all() if UserDeleted in each.handlers]
    for subgraph in registry.load_all():
        received = document["operations"].get(f"{subgraph.name}.hears", {"messages": []})["messages"]
        named = {message["$ref"].rpartition("/")[2] for message in received}
        assert named == {kind.type for kind in subgraph.handlers}


def test_all_its_references_lead_somewhere() -> None:
    document = catalogue.document()

    def follow(value: Any) -> int:
        if isinstance(value, dict):
            if "$ref" in value:
                place = document
                for step in value["$ref"].removeprefix("#/").split("/"):
                    place = place[step]
                return 1
            return sum(map(follow, value.values()))
        return sum(map(follow, value)) if isinstance(value, list) else 0

    assert follow(document) > 50


def event(document: dict[str, Any]) -> dict[str, Any]:
    schema: dict[str, Any] = document["components"]["schemas"]["order.created"]
    return schema


@pytest.mark.parametrize(
    ("change", "sentences"),
    [
        (lambda new: event(new)["properties"].update(gift={"type": "boolean", "default": False}), []),
        (
            lambda new: event(new)["properties"].pop("number"),
            ["order.created lost its field `number`; events only ever gain fields."],
        ),
        (
            lambda new: event(new)["properties"]["lines"]["items"]["properties"].pop("quantity"),
            ["order.created lost its field `lines[].quantity`; events only ever gain fields."],
        ),
        (
            lambda new: event(new)["properties"]["total_minor"].update(type="string"),
            ["order.created: the type of `total_minor` changed from integer to string."],
        ),
        (
            lambda new: event(new)["properties"].update(customer_id={"type": "string"}),
            ["order.created: the type of `customer_id` changed from string or null to string."],
        ),
        (
            lambda new: (
                event(new)["properties"].update(gift={"type": "boolean"}),
                event(new)["required"].append("gift"),
            ),
            ["order.created: `gift` needs a default, because events without it are still retained."],
        ),
        (
            lambda new: new["components"]["messages"]["order.created"].update({"x-aggregate": "number"}),
            ["order.created is ordered by `number` and no longer by `order_id`."],
        ),
        (
            lambda new: new["components"]["messages"].pop("order.created"),
            ["order.created was removed; receivers may still wait for it."],
        ),
    ],
)
def test_what_would_break_a_receiver_is_a_sentence(change: Change, sentences: list[str]) -> None:
    old = catalogue.document()
    new = copy.deepcopy(old)
    change(new)
    assert catalogue.breaks(old, new) == sentences


def test_events_have_only_gained_fields() -> None:
    assert catalogue.breaks(catalogue.read(), catalogue.document()) == []


def test_a_breaking_catalogue_is_not_written(tmp_path: Path) -> None:
    file = tmp_path / "events.json"
    before = catalogue.text().replace('"order_id"', '"order_key"')
    file.write_text(before)
    assert "order.created lost its field `order_key`; events only ever gain fields." in catalogue.write(file)
    assert file.read_text() == before
