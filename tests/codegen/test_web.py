"""docs/clients/web.md: graphql-codegen, gql.tada and relay-compiler make types that compile, and ids that run."""

import hashlib
import json
import re
from pathlib import Path

import pytest

from tests.codegen.conftest import Tool
from tests.codegen.guides import ROOT, files_of, write_project
from tests.router.servers import run_script

OPERATIONS = ROOT / "router" / "operations"
SUPERGRAPH = ROOT / "router" / "supergraph.graphql"
TEMPLATE = re.compile(r"graphql\(`(.*?)`\)", re.DOTALL)


def trusted_ids(folder: Path, manifest: dict[str, str]) -> set[str]:
    """Trust a manifest as a release of an app; returns the ids of the shop's manifest."""
    release = folder / "apps" / "web" / "1.0.0.json"
    release.parent.mkdir(parents=True)
    release.write_text(json.dumps(manifest))
    done = run_script("operations.mjs", f"--operations={folder}", f"--supergraph={SUPERGRAPH}")
    assert (done.returncode, done.stderr) == (0, "")
    return {each["id"] for each in json.loads((folder / "manifest.json").read_text())["operations"]}


def manifest_of(path: Path) -> dict[str, str]:
    """Read a manifest of a tool: texts by their ids."""
    found: dict[str, str] = json.loads(path.read_text())
    assert found
    return found


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@pytest.fixture(scope="module")
def compiled(web: Path, node_tool: Tool) -> Path:
    """The project of the guide, after its generators."""
    node_tool(web, "graphql-codegen", "--config", "codegen.ts")
    node_tool(web, "gql.tada", "generate-output")
    (web / "persisted-documents.relay.json").write_text("{}")
    node_tool(web, "relay-compiler", "relay.config.json")
    return web


def test_the_files_of_the_guide_compile(compiled: Path, node_tool: Tool) -> None:
    assert len(files_of("web.md")) >= 10
    node_tool(compiled, "tsc")


def test_a_field_that_does_not_exist_does_not_compile(compiled: Path, node_tool: Tool, tmp_path: Path) -> None:
    wrong = write_project(tmp_path, "web.md")
    (wrong / "src" / "gql").symlink_to(compiled / "src" / "gql")
    (wrong / "src" / "tada-types.d.ts").symlink_to(compiled / "src" / "tada-types.d.ts")
    tada = wrong / "src" / "tada.ts"
    tada.write_text(tada.read_text().replace("preset.name", "preset.nothing"))
    with pytest.raises(AssertionError, match="Property 'nothing' does not exist"):
        node_tool(wrong, "tsc")


@pytest.mark.parametrize("path", ["src/gql/persisted-documents.json", "persisted-documents.relay.json"])
def test_the_ids_of_a_generated_manifest_are_those_of_the_shop(compiled: Path, tmp_path: Path, path: str) -> None:
    made = manifest_of(compiled / path)
    ids = {key.removeprefix("sha256:") for key in made}
    assert ids == {digest(text) for text in made.values()}
    assert trusted_ids(tmp_path, made) == ids


def test_each_document_of_the_guide_is_in_a_manifest_with_its_type_names(compiled: Path) -> None:
    text = " ".join(manifest_of(compiled / "src/gql/persisted-documents.json").values())
    shown = TEMPLATE.findall(" ".join(text for name, text in files_of("web.md").items() if name != "src/tada.ts"))
    names = [match[1] for each in shown if (match := re.match(r"\s*(?:query|mutation|subscription) (\w+)", each))]
    assert len(names) >= 3
    assert [name for name in names if f" {name}(" not in text] == []
    assert text.count("__typename") > len(names)


def test_all_trusted_operations_have_types(tmp_path: Path, node_tool: Tool) -> None:
    project = write_project(tmp_path, "web.md")
    for path in (project / "src").iterdir():
        path.unlink()
    documents = sorted([*OPERATIONS.glob("*.graphql"), *(OPERATIONS / "fragments").glob("*.graphql")])
    texts = [f"graphql(`{path.read_text()}`);" for path in documents]
    (project / "src" / "operations.ts").write_text("\n".join(['import { graphql } from "./gql";', *texts]))
    node_tool(project, "graphql-codegen", "--config", "codegen.ts")
    node_tool(project, "tsc")
    made = manifest_of(project / "src/gql/persisted-documents.json")
    assert len(made) == len(list(OPERATIONS.glob("*.graphql")))
    assert {key.removeprefix("sha256:") for key in made} == trusted_ids(tmp_path / "trusted", made)
