"""Generated files: `petplus check` names what is stale and what mends it, and no setting is left out."""

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from petplus.cli.main import app
from petplus.generated import access_page, files, settings_page
from petplus.generated.composition import router_settings
from petplus.local.node import ROUTER
from shared.core.settings import OF_ONE_SUBGRAPH, EnvironmentSettings, variable_of

ROOT = ROUTER.parent
PRODUCT = ("petplus", "shared", "subgraphs", "router/gateway", "router/tools")
VARIABLE = re.compile(r"PETPLUS_[A-Z][A-Z0-9_]*(?<!_)")


def test_check_names_each_stale_file_and_what_mends_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fresh, stale, missing = (tmp_path / name for name in ("fresh.md", "stale.md", "missing.md"))
    fresh.write_text("new")
    stale.write_text("old")
    monkeypatch.setattr(files, "ROOT", tmp_path)
    monkeypatch.setattr(files, "ROUTER_FILES", ())
    monkeypatch.setattr(
        files,
        "FILES",
        tuple(files._page(each, lambda: "new", f"petplus {each.stem}") for each in (fresh, stale, missing)),
    )
    checked = CliRunner().invoke(app, ["check"])
    assert (checked.exit_code, checked.stderr) == (
        1,
        "stale.md is not up to date.\nmissing.md is not up to date.\n"
        "Run `petplus stale`, `petplus missing` (or `petplus generate`) and commit the files.\n",
    )
    assert CliRunner().invoke(app, ["generate"]).exit_code == 0
    assert [each.read_text() for each in (fresh, stale, missing)] == ["new"] * 3
    assert CliRunner().invoke(app, ["check"]).exit_code == 0


def test_what_declares_no_access_rule_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "ROUTER_FILES", ())
    monkeypatch.setattr(files, "FILES", ())

    def refuse() -> None:
        raise access_page.UndeclaredError(["Query.everything"])

    monkeypatch.setattr(access_page, "policy", refuse)
    for command in ("check", "generate"):
        refused = CliRunner().invoke(app, [command])
        assert refused.exit_code == 1
        assert "Nothing declares who may see or do this: Query.everything." in refused.stderr


def documented() -> set[str]:
    return set(re.findall(r"`(PETPLUS_[A-Z0-9_<>]+)`", settings_page.text()))


def test_every_variable_that_is_read_is_documented() -> None:
    sources = [path for folder in PRODUCT for path in (ROOT / folder).rglob("*") if path.suffix in {".py", ".mjs"}]
    named = {name for path in sources for name in VARIABLE.findall(path.read_text(encoding="utf-8"))}
    # What is one of each subgraph's, in an example or an error.
    own = {
        name for name in named if any(re.fullmatch(each.replace("<NAME>", "[A-Z]+"), name) for each in OF_ONE_SUBGRAPH)
    }
    assert len(named) > 20
    assert named - own - documented() == set()


def kinds(kind: type[EnvironmentSettings] = EnvironmentSettings) -> set[type[EnvironmentSettings]]:
    return {each for child in kind.__subclasses__() for each in (child, *kinds(child))}


def test_every_field_of_every_settings_class_is_documented_with_a_sentence() -> None:
    shown = [kind for _, kind in settings_page.sections()]
    assert set(shown) == {kind for kind in kinds() if not kind.__module__.startswith("tests.")}
    fields = {variable_of(name): field for kind in shown for name, field in kind.model_fields.items()}
    assert [name for name, field in fields.items() if not (field.description or "").endswith(".")] == []
    assert set(fields) - documented() == set()


def test_the_router_reads_what_its_list_says() -> None:
    read = {name for path in (ROUTER / "gateway").glob("*.mjs") for name in VARIABLE.findall(path.read_text())}
    listed = router_settings()
    assert read == {name for name in listed["own"] if "<" not in name} | set(listed["sharedWithSubgraphs"])
