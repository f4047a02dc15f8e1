"""The doctor finds what is wrong, names it and says what to do."""

import datetime as dt
import shutil
from pathlib import Path

import pytest

from petplus import certificate_checks, hive_router
from petplus.certificates import write_certificates
from petplus.doctor import Finding, examine
from shared.core.settings import Settings


async def test_a_shop_that_does_not_run_gets_an_advice_for_each_part(settings: Settings) -> None:
    lonely = settings.model_copy(update={"port": 1200})
    findings = {finding.what: finding async for finding in examine(lonely)}
    assert findings["schemas"].is_well
    assert findings["broker"].is_well
    assert findings["order database"].fact.endswith("up to date")
    assert findings["router"].advice == "Start `petplus up`."
    assert findings["order"].advice == "Start `petplus up`, or `petplus serve order` for it alone."


async def test_servers_that_do_not_answer_are_named(settings: Settings) -> None:
    nowhere = "postgresql+asyncpg://nobody@127.0.0.1:1/nothing"
    broken = settings.model_copy(update={"database_url": nowhere, "redis_url": "redis://127.0.0.1:1", "port": 1200})
    findings = {finding.what: finding async for finding in examine(broken)}
    assert findings["broker"].advice.startswith("It does not answer")
    assert findings["user database"].advice.startswith("It does not answer")


def binary(path: Path, text: str) -> Path:
    path.write_bytes(b"\x7fELF\0" + text.encode() + b"\0")
    path.chmod(0o755)
    return path


@pytest.mark.parametrize(
    ("content", "fact", "advice"),
    [
        (None, "missing", "Hive Router is missing, because PETPLUS_HIVE_ROUTER names no program"),
        ("/src/hive-router-0.3.10/src/main.rs", "0.3.10", ""),
        ("/src/hive-router-0.3.9/src/main.rs", "0.3.9", "Version 0.3.10 is the one that was compared"),
        ("/work/bin/router/src/main.rs", "of a version that it does not say", ""),
    ],
)
async def test_an_engine_that_is_missing_or_of_another_version_is_named(
    settings: Settings, tmp_path: Path, content: str | None, fact: str, advice: str
) -> None:
    path = tmp_path / "hive_router"
    if content is not None:
        binary(path, content)
    found = await examined(settings.model_copy(update={"hive_router": path, "port": 1200}))
    assert found["Hive Router"].fact.endswith(fact)
    assert found["Hive Router"].advice.startswith(advice)
    assert found["Hive Router"].is_well == (advice == "")


async def test_who_uses_the_gateway_is_not_asked_for_another_engine(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    home = tmp_path / "home"
    own = settings.model_copy(update={"home": home, "port": 1200})
    assert "Hive Router" not in await examined(own)
    configuration = home / hive_router.DIRECTORY / hive_router.CONFIGURATION
    configuration.parent.mkdir(parents=True)
    configuration.write_text("{}")
    assert (await examined(own))["Hive Router"].fact == "missing"


async def examined(settings: Settings) -> dict[str, Finding]:
    return {finding.what: finding async for finding in examine(settings)}


@pytest.mark.parametrize(
    ("fault", "advice"),
    [
        ("none", ""),
        ("ends", "It ends within 14 days"),
        ("not readable", "must hold three files of PEM"),
        ("another's key", "tls.key is not the key of tls.crt"),
        ("another's authority", "ca.crt has not signed tls.crt"),
        ("for servers", "It is not for clients"),
    ],
)
async def test_a_certificate_that_would_be_refused_is_named(
    settings: Settings, tmp_path: Path, fault: str, advice: str
) -> None:
    write_certificates(tmp_path / "tls", ["127.0.0.1"], days=5 if fault == "ends" else 90)
    write_certificates(tmp_path / "other", ["127.0.0.1"], days=90)
    own, foreign = tmp_path / "tls" / "router", tmp_path / "other" / "router"
    match fault:
        case "not readable":
            (own / "tls.crt").write_text("no certificate")
        case "another's key":
            shutil.copy(foreign / "tls.key", own / "tls.key")
        case "another's authority":
            shutil.copy(foreign / "ca.crt", own / "ca.crt")
        case "for servers":
            shutil.copytree(tmp_path / "tls" / "subgraphs", own, dirs_exist_ok=True)
    found = await examined(settings.model_copy(update={"tls_directory": tmp_path / "tls", "port": 1200}))
    finding = found["certificate of router"]
    assert advice in finding.advice
    assert finding.is_well == (fault == "none")
    if fault == "none":
        assert found["certificate of subgraphs"].is_well


@pytest.mark.parametrize(
    ("days", "advice"), [(-1, "It is not valid yet"), (91, "It has expired, and connections fail")]
)
def test_a_certificate_of_another_time_is_named(tmp_path: Path, days: int, advice: str) -> None:
    write_certificates(tmp_path, ["127.0.0.1"], days=90)
    then = dt.datetime.now(dt.UTC) + dt.timedelta(days=days)
    found = certificate_checks.examine_certificate(tmp_path, "router", then)
    assert (found.fault or "").startswith(advice)


async def test_router_and_subgraphs_of_two_authorities_are_named(settings: Settings, tmp_path: Path) -> None:
    for name in ("tls", "other"):
        write_certificates(tmp_path / name, ["127.0.0.1"], days=90)
    shutil.copytree(tmp_path / "other" / "router", tmp_path / "tls" / "router", dirs_exist_ok=True)
    found = await examined(settings.model_copy(update={"tls_directory": tmp_path / "tls", "port": 1200}))
    assert {found[f"certificate of {role}"].advice for role in certificate_checks.USAGES} == {
        "Router and subgraphs have different authorities, and refuse each other: make both anew by one."
    }


async def test_a_directory_without_certificates_is_named(settings: Settings, tmp_path: Path) -> None:
    found = await examined(settings.model_copy(update={"tls_directory": tmp_path, "port": 1200}))
    assert found["certificates"].fact == f"none in {tmp_path}"
