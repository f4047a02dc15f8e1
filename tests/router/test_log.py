"""The router's log says where an error arose, and nothing that a client sent."""

import json
import subprocess
from pathlib import Path

from petplus.local.node import ROUTER, find_node
from tests.support.waiting import TEST_TIMEOUT


def test_messages_that_may_quote_a_request_are_left_out() -> None:
    script = Path(__file__).with_name("log.mjs")
    command = [str(find_node().binary), str(script)]
    done = subprocess.run(command, cwd=ROUTER, capture_output=True, text=True, check=True, timeout=TEST_TIMEOUT)
    assert "hunter2" not in done.stderr
    quoting, wrapped, own = [json.loads(line)["error"] for line in done.stderr.splitlines()]
    assert (quoting["name"], quoting["path"], "message" in quoting) == ("GraphQLError", "….0", False)
    assert "log.mjs" in quoting["stack"]
    assert ("message" in wrapped, wrapped["cause"]["name"]) == (False, "SyntaxError")
    assert own["message"] == "the stream ended"
