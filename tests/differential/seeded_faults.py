"""Faults that the router once had, put back into a copy of it: a comparison that does not find them proves nothing."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from petplus.generated import composition
from petplus.local.node import ROUTER, find_node
from petplus.local.services import http_ready
from shared.core.settings import Settings
from shared.core.supergraph import port_offsets
from tests.differential.features import Feature
from tests.support.shop import UNBOUNDED, free_ports
from tests.support.waiting import eventually

EXECUTION = "gateway/execution"


@dataclass(frozen=True)
class Edit:
    """A change of one file of the router."""

    file: str
    right: str
    wrong: str

    def apply(self, router: Path) -> None:
        """Change the file; raises AssertionError if it does not hold the right text once."""
        path = router / self.file
        text = path.read_text()
        assert text.count(self.right) == 1, f"{self.file} must hold this once: {self.right}"
        path.write_text(text.replace(self.right, self.wrong))


@dataclass(frozen=True)
class SeededFault:
    """A fault, and the features that documents need to show it."""

    features: frozenset[Feature]
    edits: tuple[Edit, ...]


_CONDITIONS_ARE_PLANNED = (
    Edit(
        f"{EXECUTION}/operation.mjs",
        """      if (!this.#isIncluded(node)) continue;
      if (node.kind === Kind.FIELD) {
        if (node.name.value.startsWith("__")""",
        """      if (node.kind !== Kind.FIELD && !this.#isIncluded(node)) continue;
      if (node.kind === Kind.FIELD) {
        if (node.name.value.startsWith("__")""",
    ),
    Edit(
        f"{EXECUTION}/operation.mjs",
        "        arguments: node.arguments,\n",
        "        arguments: node.arguments,\n        directives: node.directives,\n",
    ),
)

FAULTS = {
    "an excluded key is taken for the key that other subgraphs need": SeededFault(
        frozenset({Feature.CONDITIONAL_KEYS}), _CONDITIONS_ARE_PLANNED
    ),
    "a field is lost whose first selection is excluded": SeededFault(
        frozenset({Feature.CONDITIONAL_REPEATS}), _CONDITIONS_ARE_PLANNED
    ),
    "an alias is mistaken for a key": SeededFault(
        frozenset({Feature.KEY_ALIASES}),
        (
            Edit(
                f"{EXECUTION}/operation.mjs",
                "alias.value === name.value ? name.value : `${name.value}__${alias.value}`;",
                "alias.value === name.value ? name.value : alias.value;",
            ),
        ),
    ),
    "an error is told at another item of its list": SeededFault(
        frozenset({Feature.ENTITY_ERRORS}),
        (Edit(f"{EXECUTION}/completion.mjs", "new Place(place, index)", "new Place(place, 0)"),),
    ),
    "a number loses digits or becomes null": SeededFault(
        frozenset({Feature.NUMBERS, Feature.MUTATIONS}),
        (
            Edit(
                "gateway/exact-numbers.mjs",
                "return Number.isFinite(number) && significantDigits(source) === significantDigits(String(number));",
                "return number !== undefined;",
            ),
        ),
    ),
    "a null of a client is an error of the server": SeededFault(
        frozenset({Feature.NULL_VARIABLES}),
        (Edit("gateway/null-arguments.mjs", "if (found === undefined) return undefined;", "return undefined;"),),
    ),
    "a text that equals a type's name is withheld": SeededFault(
        frozenset({Feature.TYPE_NAMES}),
        (
            Edit(
                f"{EXECUTION}/operation.mjs",
                "    return {\n      responseName,\n",
                """    const denied = this.#denialOf(parent.name, name);
    this.denied ??= new Map();
    if (denied) this.denied.set(`${parent.name}.${responseName}`, denied);
    return {
      denialOfText: (text) => typeof text === "string" && this.denied.get(`${text}.${responseName}`),
      responseName,
""",
            ),
            Edit(
                f"{EXECUTION}/completion.mjs",
                "    if (field.type === undefined) return this.#introspected[field.responseName];\n",
                """    if (field.type === undefined) return this.#introspected[field.responseName];
    const withheld = field.denialOfText(data[field.sourceName]);
    if (withheld) return this.#fail(place, withheld);
""",
            ),
        ),
    ),
}


@asynccontextmanager
async def router_with(fault: SeededFault, settings: Settings, directory: Path) -> AsyncIterator[str]:
    """Run a copy of the router with a fault, on the subgraphs of a running shop; yields its URL."""
    router = _copy(directory)
    for edit in fault.edits:
        edit.apply(router)
    port = free_ports()
    urls = {f"PETPLUS_{name.upper()}_URL": url for name, url in _subgraph_urls(settings).items()}
    inherited = {key: value for key, value in os.environ.items() if not key.startswith("PETPLUS_")}
    env = composition.gateway_environment(Settings(port=port), inherited | UNBOUNDED | urls)
    process = await asyncio.create_subprocess_exec(
        str(find_node().binary), str(router / "server.mjs"), env=env, cwd=router, stderr=asyncio.subprocess.DEVNULL
    )
    try:
        await eventually(http_ready(f"http://127.0.0.1:{port}/healthz"), pause=0.05)
        yield f"http://127.0.0.1:{port}/graphql"
    finally:
        process.terminate()
        await process.wait()


def _copy(directory: Path) -> Path:
    router = directory / "router"
    shutil.copytree(ROUTER, router, ignore=shutil.ignore_patterns("node_modules"))
    (router / "node_modules").symlink_to(ROUTER / "node_modules")
    (directory / "shared").mkdir()
    shutil.copy(ROUTER.parent / "shared" / "limits.json", directory / "shared")
    return router


def _subgraph_urls(settings: Settings) -> dict[str, str]:
    return {name: f"http://127.0.0.1:{settings.port_of(name)}/graphql" for name in port_offsets()}
