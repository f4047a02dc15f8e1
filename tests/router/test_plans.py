"""The router reads the plans of the planner, also where it names a selection that is repeated."""

import json
import subprocess
from pathlib import Path

from petplus.local.node import ROUTER, find_node
from tests.support.waiting import TEST_TIMEOUT


def test_the_fields_of_a_named_selection_are_known() -> None:
    script = Path(__file__).with_name("plans.mjs")
    command = [str(find_node().binary), str(script), str(ROUTER / "supergraph.graphql")]
    done = subprocess.run(command, cwd=ROUTER, capture_output=True, text=True, check=True, timeout=TEST_TIMEOUT)
    fetches = json.loads(done.stdout)
    named = [each["fields"] for each in fetches if each["isNamed"] and each["fields"]]
    assert named
    assert all("designs" in fields for fields in named)
