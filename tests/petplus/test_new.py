"""`petplus new subgraph`: names that cannot be used are refused before anything is written."""

import subprocess

import pytest
from typer.testing import CliRunner

from petplus.cli.main import app
from petplus.generated.new_subgraph import ROOT, Names


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["order"], "There is a subgraph `order` already."),
        (["Reviews"], "`Reviews` must be 3 to 30 lower-case letters and digits, and no Python keyword."),
        (["loyalty", "--entity", "class"], "`class` must be 3 to 30 lower-case letters and digits"),
        (["shops", "--entity", "shipment"], "The order subgraph has a type `Shipment` already."),
        (["ordinals"], "Ids of the order subgraph begin with ord."),
    ],
)
def test_a_name_that_cannot_be_used_is_refused_and_nothing_is_written(words: list[str], reason: str) -> None:
    def changes() -> str:
        listed = ["git", "status", "--porcelain", "subgraphs", "router/supergraph.yaml"]
        return subprocess.run(listed, cwd=ROOT, capture_output=True, text=True, check=True).stdout

    before = changes()
    refused = CliRunner().invoke(app, ["new", "subgraph", *words])
    assert refused.exit_code == 1
    assert reason in refused.stderr
    assert changes() == before


def test_names_are_derived_from_that_of_the_subgraph() -> None:
    assert Names.of("reviews") == Names("reviews", "review", "reviews", "rev")
    assert Names.of("loyalty", "reward") == Names("loyalty", "reward", "rewards", "rew")
