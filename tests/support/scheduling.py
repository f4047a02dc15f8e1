"""Which worker of a parallel run gets which tests: files as a whole, shops by their arrangement, the longest first.

A file's tests share what they start. The tests of one arrangement of the whole shop share it across files, since a shop
takes longer to start than most of them take. The longest begin first, so that no worker is left alone at the end.
"""

import re
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

_ARRANGEMENT = re.compile(r"^tests/supergraph/.*\[(?:.*-)?(one process|a process each|a database each)(?:-.*)?\]$")
# In the order in which they share a shop: first the one that measures it, for others leave it work, and those that need
# it as it was seeded; last the one that stops it.
_SHARING = (
    "hostile_documents",
    "outages",
    "pagination",
    "staff_search",
    "differential",
    "journeys",
    "session_cookie",
    "many_subscribers",
    "story",
    "payments",
    "checkout",
    "hostile_input",
    "shutdown",
)
_TOGETHER = ("tests/router/", "tests/apps/", "tests/access/")
"""The tests of each share one shop, or one router with the stand-ins of subgraphs."""
_LONGEST = (
    "tests/supergraph/",
    *_TOGETHER,
    "tests/privacy/",
    "tests/petplus/",
    "tests/architecture/test_recipes",
    "tests/codegen/",
    "tests/shared/test_endpoint",
    "packages/",
    "tests/analytics/test_aggregation",
    "tests/order/test_convergence",
    "tests/audit/test_chain",
    "tests/order/test_state_machine",
)


def scope_of(nodeid: str) -> str:
    """Return the name of the tests that one worker gets as a whole."""
    together = next((folder for folder in _TOGETHER if nodeid.startswith(folder)), None)
    if together is not None:
        return together
    found = _ARRANGEMENT.match(nodeid)
    return f"shop: {found[1]}" if found else nodeid.partition("::")[0]


def _rank(item: pytest.Item) -> tuple[int, str, int]:
    folder = next((number for number, start in enumerate(_LONGEST) if item.nodeid.startswith(start)), len(_LONGEST))
    found = _ARRANGEMENT.match(item.nodeid)
    if found is None:
        return folder, "", 0
    return folder, found[1], next(number for number, name in enumerate(_SHARING) if f"/test_{name}.py" in item.nodeid)


class Scheduling(LoadScopeScheduling):  # type: ignore[misc]  # it has no types
    """Hands out scopes in the order of collection."""

    def __init__(self, config: pytest.Config, log: Any = None) -> None:
        config.option.loadscopereorder = False
        super().__init__(config, log)

    def _split_scope(self, nodeid: str) -> str:
        return scope_of(nodeid)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Order the tests, after pytest has: it takes the arrangements of two files for different ones."""
    items.sort(key=_rank)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Scheduling | None:
    """Replace `--dist loadfile`; other ways to distribute stay as they are."""
    return Scheduling(config, log) if config.getoption("dist") == "loadfile" else None
