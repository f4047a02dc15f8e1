"""`make advisories`: holes are named, and a service that does not answer is told in a sentence and is no proof."""

import json

import pytest

from petplus import advisories
from petplus.advisories import Findings, read_npm, read_pip_audit, report

NPM = {
    "auditReportVersion": 2,
    "vulnerabilities": {
        "ws": {"name": "ws", "severity": "high", "range": "8.0.0 - 8.17.0"},
        "ms": {"name": "ms", "severity": "low", "range": "<2.0.0"},
    },
}
REFUSED = {"message": "405 Method Not Allowed - POST https://registry", "error": {"summary": "", "detail": ""}}
AUDITED = {"name": "orjson", "version": "3.1.0", "vulns": []}
BROKEN = {"name": "idna", "version": "3.1", "vulns": [{"id": "PYSEC-2024-60", "fix_versions": ["3.7"]}]}
SKIPPED = {"name": "aiodataloader", "skip_reason": "Dependency not found on PyPI"}


@pytest.mark.parametrize(
    ("said", "complaint", "found"),
    [
        (json.dumps(NPM), "", Findings(["ws 8.0.0 - 8.17.0: high"])),
        (json.dumps({"vulnerabilities": {}}), "npm warn", Findings()),
        (
            json.dumps(REFUSED),
            "npm error audit endpoint returned an error",
            Findings(missing=f"npm's advisory service gave no answer: {REFUSED['message']}."),
        ),
        (
            "",
            "npm warn\nnpm error network",
            Findings(missing="npm's advisory service gave no answer: npm error network."),
        ),
        ("[]", "", Findings(missing="npm's advisory service gave no answer: it said nothing.")),
    ],
)
def test_what_npm_says_is_holes_or_no_answer(said: str, complaint: str, found: Findings) -> None:
    assert read_npm(said, complaint) == found


@pytest.mark.parametrize(
    ("said", "complaint", "found"),
    [
        ([AUDITED], "", Findings()),
        ([AUDITED, BROKEN], "", Findings(["idna 3.1: PYSEC-2024-60"])),
        (
            [BROKEN, SKIPPED],
            "",
            Findings(
                ["idna 3.1: PYSEC-2024-60"],
                "The service that pip-audit asks does not know 1 of 2 packages, such as aiodataloader.",
            ),
        ),
        (None, "Traceback\nConnectionError.", Findings(missing="pip-audit gave no answer: ConnectionError.")),
    ],
)
def test_what_pip_audit_says_is_holes_or_no_answer(said: object, complaint: str, found: Findings) -> None:
    assert read_pip_audit(json.dumps({"dependencies": said}) if said else "", complaint) == found


@pytest.mark.parametrize(
    ("findings", "status", "lines"),
    [
        ([Findings(), Findings()], 0, ["No holes are known."]),
        ([Findings(missing="No answer."), Findings()], 2, ["No answer."]),
        ([Findings(missing="No answer."), Findings(["idna 3.1: X"])], 1, ["idna 3.1: X", "No answer."]),
    ],
)
def test_the_status_tells_holes_from_missing_answers(
    capsys: pytest.CaptureFixture[str], findings: list[Findings], status: int, lines: list[str]
) -> None:
    assert (report(findings), capsys.readouterr().out.splitlines()) == (status, lines)


def test_a_service_that_takes_too_long_gave_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(advisories, "SECONDS", 0.01)
    assert advisories.ask_npm().missing == "npm's advisory service gave no answer: it took longer than 0.01 s."
