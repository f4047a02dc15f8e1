"""The apps are built when their sources have changed, and at no other time."""

import subprocess
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner

from petplus.cli.main import app
from petplus.local import apps


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace whose build tool writes a page, and notes that it ran."""
    for name in (*apps.BUILT, "shared"):
        (tmp_path / name / "src").mkdir(parents=True)
        (tmp_path / name / "src" / "main.ts").write_text("export {};")
    for name in ("package.json", "package-lock.json", "vite.shared.ts"):
        (tmp_path / name).write_text("{}")
    tool = tmp_path / "node_modules" / "vite" / "bin" / "vite.js"
    tool.parent.mkdir(parents=True)
    tool.write_text(
        "const { appendFileSync, existsSync, mkdirSync } = require('node:fs');\n"
        "const app = process.argv[3];\n"
        "if (existsSync(`${app}/src/broken.ts`)) { console.error('broken.ts is broken'); process.exit(1); }\n"
        "mkdirSync(`${app}/dist`, { recursive: true });\n"
        "appendFileSync('builds', `${app}\\n`);\n"
    )
    monkeypatch.setattr(apps, "APPS", tmp_path)
    monkeypatch.setattr(apps, "ensure_modules", lambda *_, **__: None)
    return tmp_path


def builds(folder: Path) -> list[str]:
    return (folder / "builds").read_text().split()


def build() -> tuple[int, str]:
    done = CliRunner().invoke(app, ["apps", "build"])
    return done.exit_code, done.output


def test_apps_are_built_once_for_the_same_sources(folder: Path) -> None:
    assert build() == (0, "Building the apps …\n")
    (folder / "web" / "src" / "main.test.ts").write_text("a test is in no build")
    assert build() == (0, "")
    assert builds(folder) == [*apps.BUILT]


@pytest.mark.parametrize("changed", ["shared/src/main.ts", "admin/src/new.ts", "package-lock.json"])
def test_any_source_that_changes_builds_them_anew(folder: Path, changed: str) -> None:
    build()
    (folder / changed).write_text("export const changed = true;")
    assert build()[0] == 0
    assert builds(folder) == [*apps.BUILT] * 2


def test_a_build_that_fails_says_why_and_is_tried_again(folder: Path) -> None:
    broken = folder / "admin" / "src" / "broken.ts"
    broken.write_text("")
    code, said = build()
    assert (code, " ".join(said.split())) == (
        1,
        "Building the apps … The app admin could not be built: broken.ts is broken",
    )
    broken.unlink()
    assert build()[0] == 0
    assert builds(folder) == ["web", *apps.BUILT]


def codegen() -> tuple[int, str]:
    done = CliRunner().invoke(app, ["apps", "codegen"])
    return done.exit_code, " ".join(done.output.split())


def test_types_are_written_before_the_manifest_and_what_does_not_fit_is_said(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tool = folder / "tools" / "codegen.mjs"
    written = folder / "written"
    monkeypatch.setattr(
        "petplus.cli.apps.build_operations", lambda: written.write_text(written.read_text() + "manifest")
    )
    tool.parent.mkdir()
    tool.write_text("console.error('No field nickname on User'); process.exit(1);")
    assert codegen() == (1, "The types of the apps could not be written: No field nickname on User")
    assert not written.exists()
    tool.write_text("import { writeFileSync } from 'node:fs'; writeFileSync('written', 'types, ');")
    assert codegen() == (0, "")
    assert written.read_text() == "types, manifest"


def test_the_apps_of_this_repository_have_the_files_that_a_build_reads() -> None:
    tracked = subprocess.run(
        ["git", "ls-files", "apps/*/index.html"], cwd=apps.APPS.parent, capture_output=True, text=True, check=True
    )
    assert tracked.stdout.split() == [f"apps/{name}/index.html" for name in sorted(apps.BUILT)]


@pytest.mark.parametrize("name", apps.DEV_ADDRESSES)
def test_the_sources_of_an_app_are_served_where_the_shop_says(name: str) -> None:
    url = httpx.URL(apps.DEV_ADDRESSES[name])
    config = (apps.APPS / name / "vite.config.ts").read_text(encoding="utf-8")
    assert f'base: "{url.path}", port: {url.port} ' in config
    assert apps.dev_command(name)[1:] == [str(apps.APPS / "node_modules" / "vite" / "bin" / "vite.js"), name]
