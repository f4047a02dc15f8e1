"""The subgraphs by name. A subgraph is imported on first use, so a process loads only what it serves."""

from collections.abc import Iterable, Sequence
from importlib import import_module
from typing import TYPE_CHECKING

from shared.core.settings import Settings, SettingsError
from shared.core.supergraph import port_offsets

if TYPE_CHECKING:
    from shared.subgraph import Subgraph

NAMES = tuple(port_offsets())
"""All subgraphs, in the order of `router/supergraph.yaml`."""


def load(name: str) -> "Subgraph":
    """Return one subgraph; raises SettingsError for a name that is none."""
    if name not in NAMES:
        raise SettingsError(f"There is no subgraph `{name}`; choose from {', '.join(NAMES)}.")
    subgraph: Subgraph = import_module(f"subgraphs.{name}.subgraph").subgraph
    return subgraph


def load_all(names: Iterable[str] = ()) -> "Sequence[Subgraph]":
    """Return the named subgraphs, or all of them."""
    return [load(name) for name in (tuple(names) or NAMES)]


def port_of(name: str, settings: Settings) -> int:
    """Return the port of a subgraph without loading it."""
    return settings.port_of(name)
