"""`make release`: a release is one commit, one tag and complete packages, or nothing at all."""

import datetime as dt
import json
import re
import shutil
import subprocess
import tarfile
import tomllib
import zipfile
from pathlib import Path

import pytest

from tests.support.uv import find_uv
from tools.release import ReleaseError, notes, release

ROOT = Path(__file__).parents[2]
TODAY = dt.date(2026, 12, 1)
SHIPPED = (".graphql", ".j2", ".mako", ".sql", ".toml", ".ttf", ".txt", "py.typed")


def git(folder: Path, *words: str) -> str:
    done = subprocess.run(["git", *words], cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.fixture(scope="module")
def present(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository of one commit: the files that git knows, as they are in this tree."""
    folder = tmp_path_factory.mktemp("present")
    for name in git(ROOT, "ls-files", "--cached", "--others", "--exclude-standard").splitlines():
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    git(folder, "init", "--quiet", "--initial-branch", "main")
    changelog = folder / "CHANGELOG.md"
    if "## Unreleased\n\n## " in changelog.read_text():
        # Right after a release there is nothing to release.
        changelog.write_text(changelog.read_text().replace("## Unreleased\n", "## Unreleased\n- A change.\n", 1))
    git(folder, "add", "--all")
    git(folder, "-c", "user.name=Test", "-c", "user.email=test@example.com", "commit", "--quiet", "--message", "Start")
    return folder


@pytest.fixture
def repository(present: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "repository"
    git(tmp_path, "clone", "--quiet", "--shared", str(present), str(folder))
    git(folder, "config", "user.name", "Test")
    git(folder, "config", "user.email", "test@example.com")
    return folder


def state(folder: Path) -> list[str]:
    asked = (["rev-parse", "HEAD"], ["tag"], ["status", "--porcelain", "--ignored"], ["worktree", "list"], ["branch"])
    return [git(folder, *words) for words in asked]


@pytest.mark.parametrize("version", ["", "1", "1.2", "v1.2.3", "01.2.3", "1.2.3rc1", "1.2.3\n", "1.2.3 --all"])
def test_what_is_no_version_is_refused(repository: Path, version: str) -> None:
    before = state(repository)
    with pytest.raises(ReleaseError, match="is not a version"):
        release(find_uv(), version, repository)
    assert state(repository) == before


def test_an_older_version_is_refused_and_nothing_changes(repository: Path) -> None:
    before = state(repository)
    with pytest.raises(ReleaseError, match=r"0\.0\.1 is older than the present version"):
        release(find_uv(), "0.0.1", repository)
    assert state(repository) == before


def test_a_dirty_tree_is_refused_and_nothing_changes(repository: Path) -> None:
    (repository / "README.md").write_text("changed\n")
    before = state(repository)
    with pytest.raises(ReleaseError, match=r"not clean: M README\.md"):
        release(find_uv(), "99.0.0", repository)
    assert state(repository) == before


def test_another_branch_is_refused(repository: Path) -> None:
    git(repository, "switch", "--quiet", "--create", "feature")
    with pytest.raises(ReleaseError, match="on the branch main; this is feature"):
        release(find_uv(), "99.0.0", repository)


def test_a_tag_of_another_commit_is_refused(repository: Path) -> None:
    git(repository, "tag", "v99.0.0")
    git(repository, "commit", "--quiet", "--allow-empty", "--message", "More")
    with pytest.raises(ReleaseError, match=r"The tag v99\.0\.0 exists already"):
        release(find_uv(), "99.0.0", repository)


def test_a_changelog_without_news_is_refused_and_nothing_changes(repository: Path) -> None:
    (repository / "CHANGELOG.md").write_text("# Changelog\n\n## Unreleased\n\n## 0.1.0 - 2026-11-01\n- All of it.\n")
    git(repository, "commit", "--quiet", "--all", "--message", "Empty the changelog")
    before = state(repository)
    with pytest.raises(ReleaseError, match="nothing under “Unreleased”"):
        release(find_uv(), "99.0.0", repository)
    assert state(repository) == before


def test_a_build_that_fails_leaves_nothing_behind(repository: Path, tmp_path: Path) -> None:
    failing = tmp_path / "uv"
    failing.write_text(f'#!/bin/sh\n[ "$1" = build ] && {{ echo "no compiler" >&2; exit 1; }}\nexec {find_uv()} "$@"\n')
    failing.chmod(0o755)
    before = state(repository)
    with pytest.raises(ReleaseError, match="`uv build --quiet` failed: no compiler"):
        release(str(failing), "99.0.0", repository)
    assert state(repository) == before


def test_a_release_is_one_commit_one_tag_and_complete_packages(repository: Path) -> None:
    start = git(repository, "rev-parse", "HEAD")
    built = release(find_uv(), "99.0.0", repository, today=TODAY)
    [wheel] = [path for path in built if path.name == "all_pet_plus-99.0.0-py3-none-any.whl"]
    [source] = [path for path in built if path.name == "all_pet_plus-99.0.0.tar.gz"]

    assert git(repository, "rev-list", f"{start}..main").splitlines() == [git(repository, "rev-parse", "HEAD")]
    assert git(repository, "log", "-1", "--format=%s") == "Release 99.0.0"
    assert git(repository, "tag") == "v99.0.0"
    assert git(repository, "cat-file", "-t", "v99.0.0") == "tag"
    assert git(repository, "rev-parse", "v99.0.0^{commit}") == git(repository, "rev-parse", "HEAD")
    assert git(repository, "status", "--porcelain") == ""
    assert git(repository, "diff", "--name-only", start).splitlines() == [
        "CHANGELOG.md",
        "deploy/chart/Chart.yaml",
        "docs/events.json",
        "pyproject.toml",
        "router/package-lock.json",
        "router/package.json",
        "uv.lock",
    ]
    assert "## Unreleased\n\n## 99.0.0 - 2026-12-01\n" in (repository / "CHANGELOG.md").read_text()
    assert "- " in notes("99.0.0", repository)
    assert tomllib.loads((repository / "pyproject.toml").read_text())["project"]["version"] == "99.0.0"
    assert json.loads((repository / "router" / "package.json").read_text())["version"] == "99.0.0"
    assert json.loads((repository / "docs" / "events.json").read_text())["info"]["version"] == "99.0.0"
    chart = (repository / "deploy" / "chart" / "Chart.yaml").read_text()
    assert re.findall(r"^(\w*[vV]ersion): \"99\.0\.0\"$", chart, re.MULTILINE) == ["version", "appVersion"]
    locked = tomllib.loads((repository / "uv.lock").read_text())["package"]
    assert [each["version"] for each in locked if each["name"] == "all-pet-plus"] == ["99.0.0"]

    assert set((repository / "dist").iterdir()) == set(built)
    assert {"strawberry_compiled"} < {path.name.partition("-")[0] for path in built}
    held = set(zipfile.ZipFile(wheel).namelist())
    shipped = git(repository, "ls-files", "petplus", "shared", "subgraphs").splitlines()
    assert {name for name in shipped if name.endswith(SHIPPED)} - held == set()
    assert {
        "petplus/py.typed",
        "shared/py.typed",
        "subgraphs/py.typed",
        "subgraphs/user/schema.graphql",
        "shared/supergraph.yaml",
    } <= held
    licences = {name.partition(".dist-info/licenses/")[2] for name in held if "/licenses/" in name}
    assert "LICENSE" in licences
    assert len(licences) == len([name for name in held if name.endswith(".ttf")]) + 1
    with tarfile.open(source) as archive:
        names = archive.getnames()
    assert {"all_pet_plus-99.0.0/router/server.mjs", "all_pet_plus-99.0.0/LICENSE"} <= set(names)

    after = state(repository)
    wheel.unlink()
    assert release(find_uv(), "99.0.0", repository) == built
    assert wheel.exists()
    assert state(repository) == after


def test_notes_of_an_unknown_version_are_refused() -> None:
    with pytest.raises(ReleaseError, match=r"no section for 98\.0\.0"):
        notes("98.0.0")
