"""`--cpu-durations N`: the tests that take the most CPU time, which other work on the machine hardly changes.

Counted are the worker and the processes that it started, but not the servers that all workers share.
"""

import os
from collections import defaultdict
from collections.abc import Generator
from pathlib import Path

import pytest

_TICK = 1 / os.sysconf("SC_CLK_TCK")
_PROPERTY = "cpu_seconds"


def _tree_seconds(pid: int) -> float:
    """Return the CPU time of a process, of what it has waited for, and of those below it."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        children = [each for path in Path(f"/proc/{pid}/task").glob("*/children") for each in path.read_text().split()]
    except OSError:
        return 0.0
    return sum(map(int, fields[11:15])) * _TICK + sum(_tree_seconds(int(child)) for child in children)


class CpuDurations:
    """Measures each phase of each test, and lists the heaviest at the end."""

    def __init__(self, shown: int) -> None:
        self._shown = shown

    def _measure(self, item: pytest.Item, phase: str) -> Generator[None, None, None]:
        before = _tree_seconds(os.getpid())
        yield
        item.user_properties.append((_PROPERTY, (phase, _tree_seconds(os.getpid()) - before)))

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> Generator[None, None, None]:
        yield from self._measure(item, "setup")

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Generator[None, None, None]:
        yield from self._measure(item, "call")

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_teardown(self, item: pytest.Item) -> Generator[None, None, None]:
        yield from self._measure(item, "teardown")

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """List the tests, and the files, that took the most."""
        tests: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
        files: dict[str, float] = defaultdict(float)
        for reports in terminalreporter.stats.values():
            for report in reports:
                if isinstance(report, pytest.TestReport) and report.when == "teardown":
                    for name, value in report.user_properties:
                        if name == _PROPERTY and isinstance(value, (tuple, list)):
                            tests[report.nodeid][value[0]] += value[1]
                            files[report.nodeid.partition("::")[0]] += value[1]
        total = sum(files.values())
        terminalreporter.section(f"CPU time: {total:.0f} s in {len(tests)} tests")
        for node, phases in sorted(tests.items(), key=lambda each: -sum(each[1].values()))[: self._shown]:
            each = "  ".join(f"{phase} {phases[phase]:6.2f}" for phase in ("setup", "call", "teardown"))
            terminalreporter.write_line(f"{sum(phases.values()):7.2f} s  {each}  {node}")
        terminalreporter.section("CPU time of files")
        for file, seconds in sorted(files.items(), key=lambda each: -each[1])[: self._shown]:
            terminalreporter.write_line(f"{seconds:7.2f} s  {file}")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--cpu-durations", type=int, default=0, metavar="N", help="list the N tests with most CPU time")


def pytest_configure(config: pytest.Config) -> None:
    shown = config.getoption("--cpu-durations")
    if shown:
        config.pluginmanager.register(CpuDurations(shown))
