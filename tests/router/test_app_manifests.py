"""Releases of apps: what their tools write is trusted as it is, side by side, until a release is withdrawn."""

import hashlib
import json
import subprocess
from pathlib import Path

import pytest
from typer.testing import CliRunner

from petplus.cli.main import app
from petplus.generated import app_releases
from petplus.generated.composition import OperationsError
from tests.router.servers import run_script

OLD = "query Rex { me { id __typename } }"
NEW = "query Rex {\n  me {\n    ...Name\n  }\n}\n\nfragment Name on User {\n  id\n  name\n  __typename\n}"


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def built(folder: Path, supergraph: Path) -> "subprocess.CompletedProcess[str]":
    return run_script("operations.mjs", f"--operations={folder}", f"--supergraph={supergraph}")


def release(folder: Path, name: str, manifest: object) -> Path:
    app, version = name.split("@")
    path = folder / "apps" / app / f"{version}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(manifest))
    return path


def operations(folder: Path) -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads((folder / "manifest.json").read_text())["operations"]
    return found


@pytest.mark.parametrize(
    "manifest",
    [
        {f"sha256:{digest(NEW)}": NEW},
        {digest(NEW): NEW},
        {
            "format": "apollo-persisted-query-manifest",
            "version": 1,
            "operations": [{"id": digest(NEW), "name": "Rex", "type": "query", "body": NEW}],
        },
    ],
    ids=["graphql-codegen", "relay", "apollo"],
)
def test_what_the_tools_of_an_app_write_is_taken_as_it_is(
    toy_supergraph: Path, tmp_path: Path, manifest: object
) -> None:
    release(tmp_path, "web@1.4.0", manifest)
    done = built(tmp_path, toy_supergraph)
    assert (done.returncode, done.stderr) == (0, "")
    entry = {"id": digest(NEW), "name": "Rex", "type": "query", "body": NEW, "releases": ["web@1.4.0"]}
    assert operations(tmp_path) == [entry]


def test_releases_stand_side_by_side_and_share_what_both_send(toy_supergraph: Path, tmp_path: Path) -> None:
    release(tmp_path, "web@1.4.0", {digest(OLD): OLD})
    release(tmp_path, "web@1.5.0", {digest(OLD): OLD, digest(NEW): NEW})
    assert built(tmp_path, toy_supergraph).returncode == 0
    found = {entry["body"]: entry["releases"] for entry in operations(tmp_path)}
    assert found == {OLD: ["web@1.4.0", "web@1.5.0"], NEW: ["web@1.5.0"]}


def test_the_apps_of_this_repository_are_trusted_by_their_names(toy_supergraph: Path, tmp_path: Path) -> None:
    folder, apps = tmp_path / "operations", tmp_path / "apps"
    release(folder, "web@1.4.0", {digest(OLD): OLD})
    apps.mkdir()
    (apps / "persisted-documents.web.json").write_text(json.dumps({f"sha256:{digest(OLD)}": OLD}))
    (apps / "persisted-documents.admin.json").write_text(json.dumps({f"sha256:{digest(NEW)}": NEW}))
    (apps / "README.md").write_text("no manifest")
    given = (f"--operations={folder}", f"--apps={apps}", f"--supergraph={toy_supergraph}")
    done = run_script("operations.mjs", *given)
    assert (done.returncode, done.stderr) == (0, "")
    found = {entry["body"]: entry["releases"] for entry in operations(folder)}
    assert found == {OLD: ["web", "web@1.4.0"], NEW: ["admin"]}


@pytest.mark.parametrize(
    ("manifest", "said"),
    [
        ({digest(OLD): NEW}, f"{digest(OLD)} is not the SHA-256 hash of its text"),
        ({digest(OLD): 7}, "it must have texts by their hash"),
        ({digest("{ me { id } }"): "{ me { id } }"}, "it must hold one operation, with a name"),
        ({digest("query A { no }"): "query A { no }"}, 'Cannot query field "no" on type "Query".'),
    ],
    ids=["another text", "no text", "no name", "another graph"],
)
def test_what_does_not_fit_names_the_file_and_builds_nothing(
    toy_supergraph: Path, tmp_path: Path, manifest: object, said: str
) -> None:
    path = release(tmp_path, "web@1.4.0", manifest)
    done = built(tmp_path, toy_supergraph)
    assert done.returncode == 1
    assert done.stderr.startswith(f"{path}: ")
    assert done.stderr.endswith(f"{said}\n")
    assert not (tmp_path / "manifest.json").exists()


@pytest.fixture
def folder(tmp_path: Path, toy_supergraph: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of operations that the commands use instead of the router's."""

    def build_operations() -> None:
        done = built(tmp_path, toy_supergraph)
        if done.returncode:
            raise OperationsError(done.stderr.strip())

    monkeypatch.setattr(app_releases, "FOLDER", tmp_path / "apps")
    monkeypatch.setattr(app_releases, "build_operations", build_operations)
    return tmp_path


def petplus(*arguments: object) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["operations", *map(str, arguments)])
    return done.exit_code, done.output.strip()


def test_a_release_is_trusted_and_withdrawn_by_command(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    written = tmp_path_factory.mktemp("app") / "persisted-documents.json"
    for version, text in (("1.4.0", OLD), ("1.5.0", NEW)):
        written.write_text(json.dumps({f"sha256:{digest(text)}": text}))
        assert petplus("trust", "web", version, written) == (0, "")
    assert petplus("releases") == (0, "web 1.4.0\nweb 1.5.0")
    assert [entry["body"] for entry in operations(folder)] == [NEW, OLD]

    assert petplus("withdraw", "web", "1.4.0") == (0, "")
    assert petplus("releases") == (0, "web 1.5.0")
    assert [entry["body"] for entry in operations(folder)] == [NEW]
    assert petplus("withdraw", "web", "1.4.0") == (1, "web 1.4.0 is not trusted.")


def test_a_trusted_release_keeps_its_operations(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    written = tmp_path_factory.mktemp("app") / "persisted-documents.json"
    written.write_text(json.dumps({digest(OLD): OLD}))
    assert petplus("trust", "web", "1.4.0", written) == (0, "")
    before = operations(folder)
    for manifest, version, said in (
        ({digest(NEW): NEW}, "1.4.0", "web 1.4.0 is trusted with other operations: use a new version."),
        ({digest(OLD): NEW}, "1.5.0", f"{digest(OLD)} is not the SHA-256 hash of its text"),
        ({digest(NEW): NEW}, "../1", "An app has a name such as `web`, and a release a version such as `1.4.0`."),
    ):
        written.write_text(json.dumps(manifest))
        status, output = petplus("trust", "web", version, written)
        assert (status, output.endswith(said)) == (1, True), output
    assert petplus("releases") == (0, "web 1.4.0")
    assert operations(folder) == before
