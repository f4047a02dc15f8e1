"""`deploy/update` replaces one process at a time, each only once its successor gets requests; and goes back."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.deploy.composed import DEPLOY
from tests.deploy.test_files import PRODUCT
from tests.support.waiting import TEST_TIMEOUT

SERVICES = [name for name in PRODUCT if name != "migrate"]
PROCESSES = dict.fromkeys(SERVICES, 1) | {"worker": 2, "user": 2, "router": 2}
ENVIRONMENT = ["# A comment stays.", "PETPLUS_SECRET_KEY=a=b", "PETPLUS_VERSION=2"]


def all_of(version: str) -> dict[str, list[str]]:
    """Return the processes of all services, in one version."""
    return {name: [version] * count for name, count in PROCESSES.items()}


class Tried:
    """The script beside a stand-in for Docker, which runs some processes of each service."""

    def __init__(self, folder: Path, **state: Any) -> None:
        names = [(name, number) for name, count in PROCESSES.items() for number in range(count)]
        containers = {
            f"old-{name}-{number}": {
                "service": name,
                "running": True,
                "version": "1",
                "asked": 9,
                "address": f"10.1.{at}.{number}",
            }
            for at, (name, number) in enumerate(names)
        }
        self.env_file, self._state, self._bin = folder / ".env", folder / "state.json", folder / "bin"
        self.env_file.write_text("\n".join(ENVIRONMENT) + "\n")
        self.env_file.chmod(0o600)
        fresh = {"containers": containers, "made": 0, "log": [], "migrate_status": 0, "never_up": []}
        self._state.write_text(json.dumps(fresh | state))
        self._bin.mkdir()
        docker = self._bin / "docker"
        docker.write_text(f'#!/bin/sh\nexec {sys.executable} -IS {Path(__file__).with_name("fake_docker.py")} "$@"\n')
        docker.chmod(0o755)

    def run(self, *arguments: str, ready_seconds: int = 60) -> subprocess.CompletedProcess[str]:
        env = {
            "PATH": f"{self._bin}:{os.environ['PATH']}",
            "COMPOSE_ENV_FILES": str(self.env_file),
            "FAKE_DOCKER": str(self._state),
            "READY_SECONDS": str(ready_seconds),
        }
        argv = [str(DEPLOY / "update"), *arguments]
        return subprocess.run(argv, env=env, capture_output=True, text=True, timeout=TEST_TIMEOUT, check=False)

    @property
    def state(self) -> Any:
        return json.loads(self._state.read_text())

    @property
    def versions(self) -> dict[str, list[str]]:
        """The versions of the running containers, by service."""
        found: dict[str, list[str]] = {name: [] for name in SERVICES}
        for each in self.state["containers"].values():
            if each["running"]:
                found[each["service"]].append(each["version"])
        return found


@pytest.mark.timeout(TEST_TIMEOUT * 2)
def test_an_update_replaces_one_process_at_a_time_and_goes_back(tmp_path: Path) -> None:
    tried = Tried(tmp_path)
    done = tried.run()
    assert done.returncode == 0, done.stderr
    assert tried.versions == all_of("2")
    log = tried.state["log"]
    assert log[0] == "migrate 2"
    for name in SERVICES:
        steps = [line for line in log if f" {name} " in line]
        # Of each but the worker, which takes no requests, the balancer has all again before one stops.
        up = 0 if name == "worker" else PROCESSES[name]
        assert steps == [f"start {name} 2 up={up}", f"stop {name} 1 up={up}"] * PROCESSES[name]
    assert tried.env_file.read_text().splitlines() == [*ENVIRONMENT, "PETPLUS_VERSION_BEFORE=1"]
    assert tried.env_file.stat().st_mode & 0o777 == 0o600

    back = tried.run("--back")
    assert back.returncode == 0, back.stderr
    assert back.stdout.startswith("back from 2 to 1\n")
    assert tried.versions == all_of("1")
    assert tried.env_file.read_text().splitlines() == [
        *ENVIRONMENT[:2],
        "PETPLUS_VERSION=1",
        "PETPLUS_VERSION_BEFORE=2",
    ]


def test_a_process_that_is_not_up_in_the_balancer_ends_the_update_and_the_old_ones_go_on(tmp_path: Path) -> None:
    tried = Tried(tmp_path, never_up=["2"])
    done = tried.run(ready_seconds=1)
    assert done.returncode == 1
    assert "user: a new process did not take over within 1 s" in done.stderr
    expected = all_of("1") | {"worker": ["2", "2"]}
    assert tried.versions == expected
    assert "PETPLUS_VERSION_BEFORE=1" in tried.env_file.read_text()


def test_where_migrations_fail_nothing_is_replaced(tmp_path: Path) -> None:
    tried = Tried(tmp_path, migrate_status=3)
    done = tried.run()
    assert (done.returncode, done.stderr) == (1, "migrate failed, so nothing was replaced.\n")
    assert tried.versions == all_of("1")


def test_without_a_version_before_nothing_goes_back(tmp_path: Path) -> None:
    tried = Tried(tmp_path)
    done = tried.run("--back")
    assert (done.returncode, done.stderr[:40]) == (1, "No update has noted a version before: na")
    assert (tried.state["log"], tried.env_file.read_text().splitlines()) == ([], ENVIRONMENT)
