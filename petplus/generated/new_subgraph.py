"""`petplus new subgraph`: writes a subgraph that works as it is, from petplus/templates/subgraph."""

import importlib
import keyword
import re
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from petplus.generated.formatting import tidy
from shared.core.settings import SettingsError
from shared.core.supergraph import port_offsets, supergraph_file

ROOT = Path(__file__).parents[2]
_TEMPLATES = Path(__file__).parents[1] / "templates" / "subgraph"
_NAME = re.compile(r"[a-z][a-z0-9]{2,29}")
_OF_ROUTER = "router"
_ENTRY = """\
  {name}:
    routing_url: http://127.0.0.1:{port}/graphql
    schema:
      file: ../subgraphs/{name}/schema.graphql
"""


@dataclass(frozen=True)
class Names:
    """How a new subgraph and its entity are called: `reviews`, `review`, `reviews` and the prefix `rev` of ids."""

    name: str
    entity: str
    plural: str
    prefix: str

    @classmethod
    def of(cls, name: str, entity: str | None = None) -> "Names":
        """Derive the names from that of the subgraph; raises SettingsError where they cannot be used."""
        entity = entity or name.removesuffix("s")
        for word in (name, entity):
            if not _NAME.fullmatch(word) or keyword.iskeyword(word):
                raise SettingsError(f"`{word}` must be 3 to 30 lower-case letters and digits, and no Python keyword.")
        if name == _OF_ROUTER:
            raise SettingsError(f"`{name}` is the name of what the router answers itself.")
        if name in port_offsets() or (ROOT / "subgraphs" / name).exists():
            raise SettingsError(f"There is a subgraph `{name}` already.")
        return cls(name, entity, f"{entity}s", entity[:3])

    def variables(self) -> dict[str, str]:
        """Return what templates may name: `«entity»`, and `«Entity»` with a capital letter."""
        return {
            "name": self.name,
            "entity": self.entity,
            "Entity": self.entity.capitalize(),
            "plural": self.plural,
            "Plural": self.plural.capitalize(),
            "PLURAL": self.plural.upper(),
            "prefix": self.prefix,
        }


def write_subgraph(names: Names) -> list[Path]:
    """Write the files of a subgraph and its tests, add it to router/supergraph.yaml, and return what was written."""
    _refuse_taken_names(names)
    # GraphQL has braces of its own.
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        variable_start_string="«",
        variable_end_string="»",
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701 (Python, not HTML)
    )
    written = []
    for template in sorted(environment.list_templates(extensions=["j2"])):
        shown = environment.from_string(template).render(names.variables()).removesuffix(".j2")
        is_test = shown.startswith("tests/")
        file = ROOT / "tests" / names.name / shown[6:] if is_test else ROOT / "subgraphs" / names.name / shown
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(environment.get_template(template).render(names.variables()), encoding="utf-8")
        written.append(file)
    (ROOT / "subgraphs" / names.name / "migrations").mkdir()
    tidy(written)
    port = 4000 + max(port_offsets().values()) + 1
    listed = supergraph_file().read_text(encoding="utf-8")
    supergraph_file().write_text(listed + _ENTRY.format(name=names.name, port=port), encoding="utf-8")
    port_offsets.cache_clear()
    importlib.invalidate_caches()
    return [*written, supergraph_file()]


def _refuse_taken_names(names: Names) -> None:
    kind, prefix = re.compile(rf"^type {names.entity.capitalize()} ", re.MULTILINE), f'new_id("{names.prefix}")'
    for schema in ROOT.glob("subgraphs/*/schema.graphql"):
        if kind.search(schema.read_text(encoding="utf-8")):
            raise SettingsError(f"The {schema.parent.name} subgraph has a type `{names.entity.capitalize()}` already.")
    for source in ROOT.glob("subgraphs/*/**/*.py"):
        if prefix in source.read_text(encoding="utf-8"):
            raise SettingsError(f"Ids of the {source.relative_to(ROOT).parts[1]} subgraph begin with {names.prefix}.")
