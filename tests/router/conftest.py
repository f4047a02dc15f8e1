"""A composed supergraph of the stand-ins, and one running router."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.router.servers import Testbed, run_script, write_subgraphs


@pytest.fixture(scope="session")
def toy_config(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file that names the stand-ins' schemas."""
    return write_subgraphs(tmp_path_factory.mktemp("supergraph"))


@pytest.fixture(scope="session")
def toy_supergraph(toy_config: Path) -> Path:
    """The supergraph of the stand-ins."""
    output = toy_config.with_name("supergraph.graphql")
    done = run_script("compose.mjs", f"--config={toy_config}", f"--output={output}")
    assert (done.returncode, done.stderr) == (0, "")
    return output


SHORT_TIMEOUT_MS = 2000
"""Far longer than the stand-ins take that answer."""


@pytest.fixture(scope="package")
def impatient(testbed: Testbed) -> Iterator[Testbed]:
    """Another router on the same stand-ins, which soon gives up on those that are silent."""
    other = Testbed(testbed.supergraph, ports=testbed.ports)
    try:
        short = str(SHORT_TIMEOUT_MS)
        other.start_router(PETPLUS_UPSTREAM_TIMEOUT=short, PETPLUS_UPSTREAM_IDLE_TIMEOUT=short)
        yield other
    finally:
        other.stop()


@pytest.fixture(scope="package")
def testbed(toy_supergraph: Path, _urls: tuple[str, str]) -> Iterator[Testbed]:
    """The router and all stand-ins; a test that kills one starts it again."""
    testbed = Testbed(toy_supergraph)
    try:
        for role in ("people", "order"):
            testbed.start_toy(role)
        testbed.start_router(PETPLUS_REDIS_URL=_urls[1])
        yield testbed
    finally:
        testbed.stop()
