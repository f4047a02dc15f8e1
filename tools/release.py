"""`make release VERSION=x.y.z`: makes the commit, the annotated tag and the packages of a release, and pushes nothing.

Run as `python -m tools.release UV VERSION`, with the path of uv. Everything is prepared in a temporary worktree; the
branch, the tag and `dist/` change only after every step has succeeded. `python -m tools.release notes VERSION` prints
what the changelog says of a version. docs/releasing.md describes the whole process.
"""

import contextlib
import datetime as dt
import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from petplus.local.node import find_node
from petplus.local.process import ServiceError

ROOT = Path(__file__).parents[1]
BRANCH = "main"
_VERSION = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)", re.ASCII)
_UNRELEASED = "## Unreleased\n"
_STEP_SECONDS = 600


class ReleaseError(Exception):
    """The release cannot be made; the text is one sentence for the person who asked for it."""


def release(uv: str, version: str, root: Path = ROOT, *, today: dt.date | None = None) -> list[Path]:
    """Make the release of `version` from a clean `main`, and return the files in `dist/`.

    Repeated on the release's own commit, it only builds the packages again. Raises ReleaseError, with the
    repository as it was.
    """
    if not _VERSION.fullmatch(version):
        raise ReleaseError(f"{version!r} is not a version: write three numbers, such as 1.4.0.")
    head = _check_repository(root)
    tag = f"v{version}"
    tagged = _commit_of(root, tag)
    if tagged not in {None, head}:
        raise ReleaseError(f"The tag {tag} exists already, on commit {str(tagged)[:7]}.")
    with _worktree(root, head) as copy:
        if tagged is None:
            _set_version(uv, copy, version, today or dt.datetime.now(dt.UTC).date())
        built = _build(uv, copy, version)
        if tagged is None:
            _git(copy, "commit", "--quiet", "--all", "--message", f"Release {version}")
            _publish(root, copy, tag, version)
        return _keep(built, root / "dist")


def notes(version: str, root: Path = ROOT) -> str:
    """Return what the changelog says of `version`, without its heading. Raises ReleaseError if it says nothing."""
    changelog = (root / "CHANGELOG.md").read_text()
    section = re.search(rf"^## {re.escape(version)} - [^\n]*\n(.*?)(?=^## |\Z)", changelog, re.MULTILINE | re.DOTALL)
    if section is None:
        raise ReleaseError(f"CHANGELOG.md has no section for {version}.")
    return section[1].strip() + "\n"


def _check_repository(root: Path) -> str:
    branch = _git(root, "rev-parse", "--abbrev-ref", "HEAD")
    if branch != BRANCH:
        raise ReleaseError(f"Releases are made on the branch {BRANCH}; this is {branch}.")
    changed = _git(root, "status", "--porcelain")
    if changed:
        raise ReleaseError(f"The working tree is not clean: {changed.splitlines()[0].strip()}.")
    return _git(root, "rev-parse", "HEAD")


def _commit_of(root: Path, tag: str) -> str | None:
    if not _git(root, "tag", "--list", tag):
        return None
    return _git(root, "rev-parse", f"{tag}^{{commit}}")


@contextlib.contextmanager
def _worktree(root: Path, commit: str) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="release-") as directory:
        copy = Path(directory) / "tree"
        _git(root, "worktree", "add", "--quiet", "--detach", str(copy), commit)
        try:
            yield copy
        finally:
            _git(root, "worktree", "remove", "--force", str(copy))


def _set_version(uv: str, copy: Path, version: str, today: dt.date) -> None:
    """Write the version wherever one stands, and give the changelog's `Unreleased` its number and date."""
    before = _run([uv, "version", "--short"], copy)
    if _numbers(version) < _numbers(before):
        raise ReleaseError(f"{version} is older than the present version, {before}.")
    _date_changelog(copy / "CHANGELOG.md", version, today)
    # `--frozen` leaves uv.lock alone: a release changes its own version there and nothing that it depends on.
    _run([uv, "version", "--frozen", version], copy)
    _replace(copy / "uv.lock", rf'(\nname = "all-pet-plus"\nversion = )"{re.escape(before)}"', version)
    _replace(copy / "docs" / "events.json", r'("title": "All Pet Plus events",\n\s+"version": )"[^"]*"', version)
    for name in ("version", "appVersion"):
        _replace(copy / "deploy" / "chart" / "Chart.yaml", rf'(\n{name}: )"[^"]*"', version)
    _run([uv, "lock", "--check", "--offline"], copy)
    _set_router_version(copy / "router", version)


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(number) for number in version.split("."))


def _date_changelog(path: Path, version: str, today: dt.date) -> None:
    text = path.read_text()
    before, heading, after = text.partition(_UNRELEASED)
    entries = after.partition("\n## ")[0]
    if not heading or not re.search(r"^- ", entries, re.MULTILINE):
        raise ReleaseError("CHANGELOG.md has nothing under “Unreleased”.")
    path.write_text(f"{before}{_UNRELEASED}\n## {version} - {today.isoformat()}\n{after.lstrip()}")


def _replace(path: Path, pattern: str, version: str) -> None:
    text, count = re.subn(pattern, rf'\g<1>"{version}"', path.read_text())
    if count != 1:
        raise ReleaseError(f"The version is not where it is expected in {path.name}.")
    path.write_text(text)


def _set_router_version(router: Path, version: str) -> None:
    try:
        node = find_node()
    except ServiceError as error:
        raise ReleaseError(str(error)) from error
    words = ["version", version, "--no-git-tag-version", "--allow-same-version", "--ignore-scripts"]
    _run([str(node.binary), str(node.npm), *words], router)
    lock = json.loads((router / "package-lock.json").read_text())
    if [lock["version"], lock["packages"][""]["version"]] != [version, version]:
        raise ReleaseError("npm has not set the version in router/package-lock.json.")


def _build(uv: str, copy: Path, version: str) -> list[Path]:
    folder = copy.parent / "dist"
    # The shop depends on the packages of this workspace, which have versions of their own.
    _run([uv, "build", "--quiet", "--all-packages", "--out-dir", str(folder)], copy)
    for name in (f"all_pet_plus-{version}-py3-none-any.whl", f"all_pet_plus-{version}.tar.gz"):
        if not (folder / name).exists():
            raise ReleaseError(f"uv built no {name}.")
    return sorted(path for path in folder.iterdir() if path.suffix in {".whl", ".gz"})


def _publish(root: Path, copy: Path, tag: str, version: str) -> None:
    """Tag the prepared commit and move the branch to it: both, or neither."""
    commit = _git(copy, "rev-parse", "HEAD")
    _git(root, "tag", "--annotate", tag, "--message", f"All Pet Plus {version}", commit)
    try:
        _git(root, "merge", "--quiet", "--ff-only", commit)
    except ReleaseError:
        _git(root, "tag", "--delete", tag)
        raise


def _keep(built: Sequence[Path], folder: Path) -> list[Path]:
    folder.mkdir(exist_ok=True)
    return [Path(shutil.copy2(path, folder)) for path in built]


def _git(folder: Path, *words: str) -> str:
    return _run(["git", *words], folder)


def _run(words: Sequence[str], folder: Path) -> str:
    command = " ".join([Path(words[0]).name, *words[1:3]])
    try:
        done = subprocess.run(words, cwd=folder, capture_output=True, text=True, check=True, timeout=_STEP_SECONDS)
    except subprocess.CalledProcessError as error:
        raise ReleaseError(f"`{command}` failed: {(error.stderr or error.stdout).strip()}") from error
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ReleaseError(f"`{command}` failed: {error}") from error
    return done.stdout.strip()


def main(words: Sequence[str]) -> int:
    """Do what the command line asks for, and return the status to end with."""
    try:
        if len(words) == 2 and words[0] == "notes":
            sys.stdout.write(notes(words[1]))
            return 0
        if len(words) != 2 or not words[1]:
            raise ReleaseError("Name the version: make release VERSION=1.4.0")
        uv, version = words
        for path in release(uv, version):
            sys.stdout.write(f"dist/{path.name}\n")
        sys.stdout.write(f"Check it, then publish it: git push origin {BRANCH} v{version}\n")
    except ReleaseError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
