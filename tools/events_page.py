"""Writes the page of all events, from the AsyncAPI document that `petplus events catalogue` keeps."""

import json
from collections.abc import Iterator, Mapping
from typing import Any


def events_page(catalogue: str) -> str:
    """Return the text of the page."""
    document = json.loads(catalogue)
    parts = document["components"]
    blocks = ["# Events", document["info"]["description"], "## The envelope", *_schema(parts["schemas"]["Envelope"])]
    publishers = sorted({message["x-published-by"] for message in parts["messages"].values()})
    for publisher in publishers:
        blocks.append(f"## Published by {publisher}")
        for name, message in parts["messages"].items():
            if message["x-published-by"] == publisher:
                blocks += _message(name, message, parts["schemas"][name])
    return "\n\n".join(blocks) + "\n"


def _message(name: str, message: Mapping[str, Any], schema: Mapping[str, Any]) -> Iterator[str]:
    yield f"### {name} {{ #{name} }}"
    yield message["summary"]
    receivers = ", ".join(message["x-heard-by"]) or "none"
    yield f"Aggregate: `{message['x-aggregate']}`. Received by: {receivers}."
    yield from _fields(schema)


def _schema(schema: Mapping[str, Any]) -> Iterator[str]:
    yield schema["description"]
    yield from _fields(schema)


def _fields(schema: Mapping[str, Any]) -> Iterator[str]:
    required = schema.get("required", ())
    lines = ["| Field | Type | Required |", "| --- | --- | --- |"]
    for name, field in schema.get("properties", {}).items():
        default = f"no, default: `{json.dumps(field['default'])}`" if "default" in field else "no"
        lines.append(f"| `{name}` | {_type(field)} | {'yes' if name in required else default} |")
    yield "\n".join(lines)


def _type(field: Mapping[str, Any]) -> str:
    if "anyOf" in field:
        return " or ".join(_type(each) for each in field["anyOf"])
    if "enum" in field:
        return "one of " + ", ".join(f"`{value}`" for value in field["enum"])
    if "const" in field:
        return f"`{field['const']}`"
    if field.get("type") == "array":
        return f"list of {_type(field.get('items', {}))}"
    name = str(field.get("type") or field.get("$ref", "any").rpartition("/")[2])
    return f"{name} ({field['format']})" if "format" in field else name
