"""The catalogue of all events, as AsyncAPI 3.0 (https://www.asyncapi.com/docs/reference/specification/v3.0.0).

It is generated from the code and checked in. Events only ever gain fields, and a new field has a default: outboxes,
streams and dead letters hold events that were recorded without it. So a catalogue that would break a receiver is not
written, but refused with a sentence for each thing that breaks.
"""

import inspect
import json
from collections.abc import Iterator, Sequence
from importlib import import_module
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from petplus import registry
from shared.events.broker import PARTITIONS
from shared.events.event import Envelope, Event, events_of
from shared.subgraph import Subgraph

FILE = Path(__file__).parents[2] / "docs" / "events.json"
CONTENT_TYPE = "application/cloudevents+json"
_CHANNEL = "#/channels/events"
_MEMBERS = {"id", "source", "type", "subject", "time", "data"}


def write(file: Path = FILE) -> list[str]:
    """Bring the file up to date; returns what would break receivers, and then leaves the file as it is."""
    broken = breaks(read(file), document())
    if not broken:
        file.write_text(text(), encoding="utf-8")
    return broken


def read(file: Path = FILE) -> dict[str, Any]:
    """Return the catalogue that is checked in; an empty one where there is none yet."""
    found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    return found


def text() -> str:
    """Return the catalogue as it is written."""
    return json.dumps(document(), indent=2, ensure_ascii=False) + "\n"


def document() -> dict[str, Any]:
    """Return the AsyncAPI document of all events that the subgraphs declare."""
    subgraphs = registry.load_all()
    events = [(subgraph.name, kind) for subgraph in subgraphs for kind in published_by(subgraph)]
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "All Pet Plus events",
            "version": version("all-pet-plus"),
            "description": "What the subgraphs tell each other: CloudEvents 1.0 in Redis Streams, at least once, in "
            "order per aggregate. Events only ever gain fields.",
        },
        "defaultContentType": CONTENT_TYPE,
        "channels": {"events": _channel(events)},
        "operations": dict(_operations(subgraphs, events)),
        "components": {
            "messages": {kind.type: _message(name, kind, subgraphs) for name, kind in events},
            "schemas": {"Envelope": _envelope(), **{kind.type: _schema(kind) for _, kind in events}},
        },
    }


def published_by(subgraph: Subgraph) -> Iterator[type[Event]]:
    """Return the events that a subgraph's `events.py` declares."""
    module = f"subgraphs.{subgraph.name}.events"
    if find_spec(module) is not None:
        yield from events_of(import_module(module))


def _channel(events: Sequence[tuple[str, type[Event]]]) -> dict[str, Any]:
    return {
        "address": "petplus:events:{partition}",
        "title": "The event streams",
        "description": "Redis Streams with a consumer group for each subgraph. An entry holds `type`, by which "
        "receivers skip what they do not hear, and `event`, the envelope as JSON.",
        "parameters": {
            "partition": {
                "description": f"CRC-32 of the aggregate's id, modulo {PARTITIONS}.",
                "enum": [str(number) for number in range(PARTITIONS)],
            }
        },
        "messages": {kind.type: {"$ref": f"#/components/messages/{kind.type}"} for _, kind in events},
    }


def _operations(
    subgraphs: Sequence[Subgraph], events: Sequence[tuple[str, type[Event]]]
) -> Iterator[tuple[str, dict[str, Any]]]:
    for subgraph in subgraphs:
        sent = [kind.type for name, kind in events if name == subgraph.name]
        handled = [kind.type for _, kind in events if kind in subgraph.handlers]
        for verb, action, types in (("publishes", "send", sent), ("hears", "receive", handled)):
            if types:
                yield (
                    f"{subgraph.name}.{verb}",
                    {
                        "action": action,
                        "channel": {"$ref": _CHANNEL},
                        "summary": f"What the {subgraph.name} subgraph {verb}.",
                        "messages": [{"$ref": f"{_CHANNEL}/messages/{type_}"} for type_ in types],
                    },
                )


def _message(publisher: str, kind: type[Event], subgraphs: Sequence[Subgraph]) -> dict[str, Any]:
    return {
        "name": kind.type,
        "title": kind.__name__,
        "summary": _sentences(kind),
        "contentType": CONTENT_TYPE,
        "payload": {
            "allOf": [
                {"$ref": "#/components/schemas/Envelope"},
                {
                    "type": "object",
                    "properties": {
                        "source": {"const": publisher},
                        "type": {"const": kind.type},
                        "data": {"$ref": f"#/components/schemas/{kind.type}"},
                    },
                },
            ]
        },
        "x-aggregate": kind.aggregate,
        "x-published-by": publisher,
        "x-heard-by": [subgraph.name for subgraph in subgraphs if kind in subgraph.handlers],
    }


def _envelope() -> dict[str, Any]:
    schema = Envelope.model_json_schema()
    return {
        "type": "object",
        "description": _sentences(Envelope),
        "properties": {name: _plain(field, {}) for name, field in schema["properties"].items()},
        "required": [name for name in schema["properties"] if name in _MEMBERS],
    }


def _schema(kind: type[Event]) -> dict[str, Any]:
    schema = kind.model_json_schema()
    plain: dict[str, Any] = _plain(schema, schema.get("$defs", {}))
    return plain | {"description": _sentences(kind)}


def _plain(schema: Any, definitions: dict[str, Any]) -> Any:
    """Return a JSON Schema with its references replaced by what they name, and without generated titles."""
    if isinstance(schema, list):
        return [_plain(part, definitions) for part in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return _plain(definitions[schema["$ref"].rpartition("/")[2]], definitions)
    return {
        name: {field: _plain(part, definitions) for field, part in value.items()}
        if name == "properties"
        else _plain(value, definitions)
        for name, value in schema.items()
        if name not in {"$defs", "title", "additionalProperties"}
    }


def _sentences(kind: type) -> str:
    return " ".join((inspect.getdoc(kind) or "").split())


def breaks(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """Return a sentence for each change between two catalogues that could break a receiver or a retained event."""
    found: list[str] = []
    old, new = (_components(catalogue) for catalogue in (before, after))
    for name, (aggregate, schema) in old.items():
        if name not in new:
            found.append(f"{name} was removed; receivers may still wait for it.")
            continue
        if new[name][0] != aggregate:
            found.append(f"{name} is ordered by `{new[name][0]}` and no longer by `{aggregate}`.")
        was, now = _fields(schema), _fields(new[name][1])
        found += [
            f"{name} lost its field `{field}`; events only ever gain fields." for field in was if field not in now
        ]
        found += [
            f"{name}: the type of `{field}` changed from {was[field][0]} to {now[field][0]}."
            for field in was
            if field in now and was[field][0] != now[field][0]
        ]
        found += [
            f"{name}: `{field}` needs a default, because events without it are still retained."
            for field, (_, required) in now.items()
            if required and not was.get(field, ("", False))[1]
        ]
    return found


def _components(catalogue: dict[str, Any]) -> dict[str, tuple[str, dict[str, Any]]]:
    components = catalogue.get("components", {"messages": {}, "schemas": {}})
    return {
        name: (message["x-aggregate"], components["schemas"][name]) for name, message in components["messages"].items()
    }


def _fields(schema: dict[str, Any], prefix: str = "") -> dict[str, tuple[str, bool]]:
    """Return type and need of each field by its path, such as `lines[].quantity`."""
    found: dict[str, tuple[str, bool]] = {}
    for name, field in schema.get("properties", {}).items():
        path = prefix + name
        found[path] = (_type(field), name in schema.get("required", ()))
        for inner, mark in ((field, "."), (field.get("items", {}), "[].")):
            found |= _fields(inner, path + mark)
    return found


def _type(field: dict[str, Any]) -> str:
    if "anyOf" in field:
        return " or ".join(_type(part) for part in field["anyOf"])
    if field.get("type") == "array":
        return f"list of {_type(field['items'])}"
    return " ".join(str(field[key]) for key in ("type", "format", "enum", "const") if key in field) or "anything"
