"""`petplus settings`: all environment variables on one page, from the settings classes and the router's list."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

from annotated_types import Ge, Le
from pydantic import SecretStr
from pydantic.fields import FieldInfo

from petplus import registry
from petplus.backup.settings import BackupSettings
from petplus.configuration import settings_of
from petplus.generated.composition import router_settings
from shared.core.settings import OF_ONE_SUBGRAPH, EnvironmentSettings, Settings, variable_of
from shared.mail import MailSettings

FILE = Path(__file__).parents[2] / "docs" / "settings.md"

_HEAD = """# Settings

Written by `petplus settings --write` from the settings classes and from `router/gateway/settings.json`; `petplus check`
compares it.

Every setting is an environment variable. A wrong one stops the start with one sentence that names it; an empty one
counts as not set. `<NAME>` is the name of a subgraph in upper case.
"""
_TABLE = "| variable | meaning | values | default |\n|---|---|---|---|\n"


def sections() -> Iterator[tuple[str, type[EnvironmentSettings]]]:
    """Yield all settings classes, each with the title of its section."""
    shared = (Settings, MailSettings)
    yield from zip(("All processes", "Mail"), shared, strict=True)
    yield "Backups", BackupSettings
    for name in registry.NAMES:
        yield from [(f"The {name} subgraph", kind) for kind in settings_of(name) if kind not in shared]


def text() -> str:
    """Return the page."""
    router = router_settings()
    parts = [_HEAD]
    for title, kind in sections():
        rows = [_row(variable_of(name), field) for name, field in kind.model_fields.items()]
        if kind is Settings:
            rows += [_line(name, description, "", "") for name, description in OF_ONE_SUBGRAPH.items()]
        parts += [f"\n## {title}\n", _TABLE, *rows]
    own = [
        _line(name, setting["description"], _numbers(1, setting.get("maximum")), _code(setting.get("default")))
        for name, setting in router["own"].items()
    ]
    shared = ", ".join(f"`{name}`" for name in router["sharedWithSubgraphs"])
    parts += ["\n## The router\n", _TABLE, *own, f"\nThe router also reads {shared}.\n"]
    return "".join(parts)


def _row(variable: str, field: FieldInfo) -> str:
    return _line(variable, field.description or "", _values(field), _default(field.default))


def _line(variable: str, meaning: str, values: str, default: str) -> str:
    return f"| `{variable}` | {meaning} | {values} | {default} |\n".replace("|  |", "| |").replace("|  |", "| |")


def _values(field: FieldInfo) -> str:
    choices = [value for part in (field.annotation, *get_args(field.annotation)) for value in _choices(part)]
    if choices:
        return ", ".join(f"`{value}`" for value in choices)
    least = next((limit.ge for limit in field.metadata if isinstance(limit, Ge)), None)
    most = next((limit.le for limit in field.metadata if isinstance(limit, Le)), None)
    return _numbers(least, most)


def _choices(kind: Any) -> Iterable[Any]:
    return get_args(kind) if get_origin(kind) is Literal else ()


def _numbers(least: Any, most: Any) -> str:
    return "" if most is None else f"{least} to {most}"


def _default(value: Any) -> str:
    # A description says what no value, and a secret that was published, stand for.
    return "" if isinstance(value, SecretStr) else _code(value)


def _code(value: Any) -> str:
    return "" if value in (None, "") else f"`{value}`"
