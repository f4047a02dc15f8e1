"""Composition: errors that can be read, stale supergraphs that are found, and a second composer that agrees."""

from pathlib import Path

import pytest
from graphql import build_schema, parse, validate

from petplus.local.apps import APPS
from petplus.local.node import ROUTER
from tests.router.servers import run_script, write_subgraphs

EXAMPLES = sorted((APPS / "graphiql" / "tabs").glob("*.graphql"))


def test_check_finds_a_stale_supergraph_and_leaves_it(toy_config: Path, toy_supergraph: Path, tmp_path: Path) -> None:
    stale = tmp_path / "stale.graphql"
    stale.write_text("type Query { old: Int }\n")
    done = run_script("compose.mjs", f"--config={toy_config}", f"--output={stale}", "--check")
    assert done.returncode == 1
    assert done.stderr == f"{stale} is not up to date: run `petplus compose` to refresh it\n"
    assert stale.read_text() == "type Query { old: Int }\n"
    done = run_script("compose.mjs", f"--config={toy_config}", f"--output={toy_supergraph}", "--check")
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("deliveries: String", "name: Int", "FIELD_TYPE_MISMATCH: "),
        ("type User", "type User type", "webhook.graphql:3:16: Syntax Error"),
    ],
    ids=["types", "syntax"],
)
def test_what_does_not_compose_is_told_in_a_line(tmp_path: Path, old: str, new: str, message: str) -> None:
    config = write_subgraphs(tmp_path)
    schema = tmp_path / "webhook.graphql"
    schema.write_text(schema.read_text().replace(old, new))
    output = tmp_path / "out.graphql"
    done = run_script("compose.mjs", f"--config={config}", f"--output={output}")
    assert done.returncode == 1
    assert message in done.stderr
    assert "    at " not in done.stderr
    assert not output.exists()


@pytest.mark.parametrize("which", ["toys", "product"])
def test_another_composer_makes_the_same_api(which: str, toy_config: Path, toy_supergraph: Path) -> None:
    toys = which == "toys"
    config = toy_config if toys else ROUTER / "supergraph.yaml"
    supergraph = toy_supergraph if toys else ROUTER / "supergraph.graphql"
    theirs = run_script("compose-apollo.mjs", str(config))
    ours = run_script("compose-apollo.mjs", "--supergraph", str(supergraph))
    assert (theirs.stderr, ours.stderr) == ("", "")
    assert ours.stdout == theirs.stdout


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_every_example_tab_fits_the_graph(example: Path, toy_config: Path) -> None:
    text = example.read_text()
    schema = build_schema(run_script("compose-apollo.mjs", "--supergraph", str(ROUTER / "supergraph.graphql")).stdout)
    assert validate(schema, parse(text)) == []
    assert text.startswith("# ")
