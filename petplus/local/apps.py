"""Builds the apps that the router serves, when their sources have changed."""

import fcntl
import hashlib
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

from petplus.local.node import ensure_modules, find_node
from petplus.local.process import ServiceError
from shared.core.environment import system_environment

APPS = Path(__file__).parents[2] / "apps"
BUILT = ("web", "admin", "mobile", "graphiql")
DEV_ADDRESSES = {
    "web": "http://127.0.0.1:4100/",
    "admin": "http://127.0.0.1:4101/admin/",
    "mobile": "http://127.0.0.1:4102/mobile/",
    "graphiql": "http://127.0.0.1:4103/graphiql/",
}
"""Where Vite serves the sources; `vite.config.ts` of each app has the port."""
_SOURCES = (*BUILT, "shared")
_SHARED_FILES = ("package-lock.json", "vite.shared.ts")
_STAMP = ".built"
_TOOL_SECONDS = 300


def ensure_apps(say: Callable[[str], object] = print) -> None:
    """Install what builds the apps and build them, unless they are built from these sources.

    A lock lets two at once wait for each other. Raises ServiceError with the tool's last lines when it fails.
    """
    wanted = _fingerprint()
    if _is_built(wanted):
        return
    ensure_app_tools(say)
    with (APPS / "package.json").open("rb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if _is_built(wanted):
            return
        say("Building the apps …")
        for app in BUILT:
            _build(app)
            (APPS / app / "dist" / _STAMP).write_text(wanted)


def ensure_app_tools(say: Callable[[str], object] = print) -> None:
    """Install what builds the apps, and serves their sources. Raises ServiceError when it fails."""
    ensure_modules(APPS, "what builds the apps", say)


def write_documents(say: Callable[[str], object] = print) -> None:
    """Write the types of the apps and the documents that they send, of `.graphql` files and router/schema.graphql.

    Raises ServiceError with the tool's words when they do not fit.
    """
    ensure_modules(APPS, "what builds and checks the apps", say, for_tests=True)
    _run([str(find_node().binary), str(APPS / "tools" / "codegen.mjs")], "The types of the apps could not be written")


def dev_command(app: str) -> list[str]:
    """Return the command that serves the sources of an app, with hot reload."""
    return [*_vite(), app]


def _vite() -> list[str]:
    return [str(find_node().binary), str(APPS / "node_modules" / "vite" / "bin" / "vite.js")]


def _build(app: str) -> None:
    _run([*_vite(), "build", app], f"The app {app} could not be built", NODE_ENV="production")


def _run(argv: list[str], failure: str, **environment: str) -> None:
    done = subprocess.run(
        argv,
        cwd=APPS,
        env=system_environment() | environment,
        capture_output=True,
        text=True,
        timeout=_TOOL_SECONDS,
        check=False,
    )
    if done.returncode != 0:
        last = " ".join((done.stderr or done.stdout).split()[-60:])
        raise ServiceError(f"{failure}: {last}")


def _is_built(wanted: str) -> bool:
    stamps = [APPS / app / "dist" / _STAMP for app in BUILT]
    return all(stamp.exists() and stamp.read_text() == wanted for stamp in stamps)


def _fingerprint() -> str:
    """Return a hash of all that a build reads."""
    digest = hashlib.sha256()
    for path in _files():
        digest.update(f"{path.relative_to(APPS)}\n".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _files() -> Iterator[Path]:
    yield from (APPS / name for name in _SHARED_FILES)
    for folder in _SOURCES:
        for path in sorted((APPS / folder).rglob("*")):
            inside = path.relative_to(APPS).parts
            if path.is_file() and "dist" not in inside and ".test." not in path.name:
                yield path
