"""The end of a shop that much has happened to: Ctrl-C stops it all."""

import asyncio
import signal

import pytest

from tests.supergraph.test_journeys import alive, descendants
from tests.support.shop import Shop

pytestmark = [pytest.mark.usefixtures("_urls"), pytest.mark.parametrize("running", ["a process each"], indirect=True)]


async def test_ctrl_c_leaves_no_process_behind(running: Shop) -> None:
    children = descendants(running.process.pid)
    assert len(children) >= 9
    assert await asyncio.to_thread(running.stop, signal.SIGINT) == 0
    assert [pid for pid in children if alive(pid)] == []
    assert "Traceback" not in running.output
