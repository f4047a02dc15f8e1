"""`make advisories`: asks for known holes in dependencies, npm's service for the router and pip-audit's for Python.

Run as `python -m petplus.advisories UV`, with the path of uv. Each hole is a line, and so is a service that gave no
answer, which proves nothing. The status is 0 where there is neither, 1 for holes, 2 where only an answer is missing.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from petplus.local.node import ROUTER, find_node
from petplus.local.process import ServiceError

SEVERE = {"moderate", "high", "critical"}
SECONDS = 300


@dataclass(frozen=True)
class Findings:
    """What a service said: holes, and in a sentence why it did not say all."""

    holes: Sequence[str] = field(default_factory=list)
    missing: str | None = None


def read_npm(said: str, complaint: str) -> Findings:
    """Read the answer of `npm audit --json` (https://docs.npmjs.com/cli/commands/npm-audit)."""
    answer = _object(said)
    if "vulnerabilities" not in answer:
        why = answer.get("message") or answer.get("error", {}).get("summary") or _last_line(complaint)
        return Findings(missing=f"npm's advisory service gave no answer: {why}.")
    known = answer["vulnerabilities"].items()
    return Findings([f"{name} {it['range']}: {it['severity']}" for name, it in known if it["severity"] in SEVERE])


def read_pip_audit(said: str, complaint: str) -> Findings:
    """Read the answer of `pip-audit --format json` (https://github.com/pypa/pip-audit)."""
    dependencies = _object(said).get("dependencies")
    if dependencies is None:
        return Findings(missing=f"pip-audit gave no answer: {_last_line(complaint)}.")
    holes = [f"{it['name']} {it['version']}: {hole['id']}" for it in dependencies for hole in it.get("vulns", ())]
    skipped = [it["name"] for it in dependencies if "skip_reason" in it]
    if not skipped:
        return Findings(holes)
    which = f"{len(skipped)} of {len(dependencies)} packages, such as {skipped[0]}"
    return Findings(holes, f"The service that pip-audit asks does not know {which}.")


def _object(said: str) -> dict[str, Any]:
    try:
        found = json.loads(said)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _last_line(text: str) -> str:
    lines = text.strip().splitlines()
    return lines[-1].strip().rstrip(".") if lines else "it said nothing"


def _run(words: Sequence[str], folder: Path) -> tuple[str, str]:
    given: Any = {"cwd": folder, "capture_output": True, "text": True, "timeout": SECONDS}
    try:
        done = subprocess.run(words, check=False, **given)
    except subprocess.TimeoutExpired:
        return "", f"it took longer than {SECONDS} s"
    return done.stdout, done.stderr


def ask_npm() -> Findings:
    """Ask about the modules of the router's lockfile."""
    try:
        node = find_node()
    except ServiceError as error:
        return Findings(missing=f"npm cannot be asked: {error}")
    return read_npm(*_run([str(node.binary), str(node.npm), "audit", "--omit=dev", "--json"], ROUTER))


def ask_pip_audit(uv: str) -> Findings:
    """Ask about the packages of `uv.lock`."""
    with tempfile.TemporaryDirectory() as directory:
        listed = Path(directory) / "requirements.txt"
        export = ["export", "--frozen", "--quiet", "--no-dev", "--no-emit-workspace", "--output-file", str(listed)]
        _, complaint = _run([uv, *export], ROUTER.parent)
        if not listed.exists():
            return Findings(missing=f"uv could not list the packages: {_last_line(complaint)}.")
        options = ["--disable-pip", "--require-hashes", "--format", "json", "--requirement", str(listed)]
        return read_pip_audit(*_run([uv, "tool", "run", "pip-audit", *options], ROUTER.parent))


def report(findings: Sequence[Findings]) -> int:
    """Print what was found, and return the status to end with."""
    holes = [hole for each in findings for hole in each.holes]
    missing = [each.missing for each in findings if each.missing]
    for line in [*holes, *missing] or ["No holes are known."]:
        sys.stdout.write(f"{line}\n")
    return 1 if holes else 2 if missing else 0


if __name__ == "__main__":
    raise SystemExit(report([ask_npm(), ask_pip_audit(str(Path(sys.argv[1]).absolute()))]))
