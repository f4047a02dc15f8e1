"""Reads the files that the guides for clients show, so that tests compile what readers copy."""

import re
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).parents[2]
GUIDES = ROOT / "docs" / "clients"
_FILE = re.compile(r'^```\w+ title="([^"]+)"\n(.*?)^```$', re.MULTILINE | re.DOTALL)


def files_of(guide: str) -> Mapping[str, str]:
    """Return the texts of the files that a guide shows, by their paths in the reader's project."""
    return dict(_FILE.findall((GUIDES / guide).read_text(encoding="utf-8")))


def write_project(folder: Path, guide: str) -> Path:
    """Write the files of a guide and the schema into a folder, as a reader does; returns the folder."""
    for name, text in files_of(guide).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (folder / "schema.graphql").write_text((ROOT / "router" / "schema.graphql").read_text(encoding="utf-8"))
    return folder
