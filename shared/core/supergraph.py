"""Reads `router/supergraph.yaml`, the list of subgraphs and of their ports, which the router and rover read too.

A YAML library would add a tenth of a second to the start of each process. This reads the shape that `petplus new
subgraph` writes, and refuses every other; a test compares it with what the router reads.
"""

import re
from functools import cache
from pathlib import Path

_CHECKED_OUT = Path(__file__).parents[2] / "router" / "supergraph.yaml"
_INSTALLED = Path(__file__).parents[1] / "supergraph.yaml"
"""The copy that a wheel carries."""
_ROUTER_PORT = 4000
"""The port of the router that the routing URLs in the file assume."""
_NAME = re.compile(r"^  (\S+):", re.MULTILINE)
_ENTRY = re.compile(r"^  ([a-z][a-z0-9_]*):\n    routing_url: http://127\.0\.0\.1:(\d+)/graphql\n", re.MULTILINE)


class SupergraphFileError(Exception):
    """`router/supergraph.yaml` has an entry that cannot be read."""


@cache
def port_offsets(file: Path | None = None) -> dict[str, int]:
    """Return the names of the subgraphs in the order of the file, and how far each port is above the router's."""
    text = (file or supergraph_file()).read_text(encoding="utf-8")
    _, _, listed = text.partition("\nsubgraphs:\n")
    entries = _ENTRY.findall(listed)
    names = _NAME.findall(listed)
    if not entries or [name for name, _ in entries] != names:
        raise SupergraphFileError(
            "Each entry of router/supergraph.yaml must be a name, and under it `routing_url: "
            f"http://127.0.0.1:PORT/graphql`; it names {', '.join(names) or 'no subgraph'}."
        )
    return {name: int(port) - _ROUTER_PORT for name, port in entries}


def supergraph_file() -> Path:
    """Return the list of subgraphs: that of the checkout, or else the wheel's copy."""
    return _CHECKED_OUT if _CHECKED_OUT.exists() else _INSTALLED
