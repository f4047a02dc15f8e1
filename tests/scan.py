"""Scans a shop of its own with what attackers use: schemathesis, clairvoyance and InQL, each in a mode of the shop.

The tools are installed into a virtual environment of their own, so they and what they need are no part of the
product. clairvoyance guesses with all names of the graph, which no attacker has, and so few at a time that no limit
refuses them. A finding is an answer of status 500 or above, an error that should have been masked, or, in production,
a name of the graph that the request did not hold. In development, where the graph suggests names, it is a finding that
clairvoyance learns none: then its silence in production would say nothing. `docs/security.md` tells what was found.

Run `python -m tests.scan [--examples N]`; it ends with status 1 where there is a finding.
"""

import argparse
import asyncio
import base64
import contextlib
import json
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import httpx
from graphql import GraphQLSchema, print_schema
from rich.console import Console
from rich.table import Table

from petplus import registry
from shared.core.settings import Settings
from tests.support.http import http_client
from tests.support.requests import is_internal, schema_of
from tests.support.shop import Shop, reachable, shop

TOOLS = ("schemathesis==4.32.0", "clairvoyance==2.5.5", "inql==4.0.5")
PRODUCTION = {
    "PETPLUS_ENV": "production",
    "PETPLUS_SECRET_KEY": "a-secret-of-production-in-scans-alone",
    "PETPLUS_DROP_MAILS": "on",
    "PETPLUS_PASSKEY_RP_ID": "localhost",
    "PETPLUS_PASSKEY_ORIGINS": "http://localhost",
    "PETPLUS_SHOPIFY_WEBHOOK_SECRETS": "a-secret-of-shopify-in-scans",
    "PETPLUS_STRIPE_WEBHOOK_SECRETS": "whsec_a-secret-of-stripe-in-scans",
    "PETPLUS_INTERNAL_WEBHOOK_SECRETS": "whsec_" + base64.b64encode(b"a secret of ours in scans").decode(),
}
# The first tells what the others hide.
MODES = {"development": {}, "production": PRODUCTION, "open": PRODUCTION | {"PETPLUS_OPEN_GRAPH": "true"}}
UNMASKED = {None, "INTERNAL_SERVER_ERROR", "SUBGRAPH_ERROR", "SUBGRAPH_UNAVAILABLE"}
SUBGRAPH = "order"
TOOL_SECONDS = 90
"""clairvoyance goes on for very long where it learns much; it keeps what it has learned of each type."""
SCHEMATHESIS_SECONDS = 900
"""It has a report only at its end, which a busy machine delays."""
# It sends 64 names at once, which is above the limit of root fields, and takes each name that is not called unknown
# for one that exists. There is no option for it.
CLAIRVOYANCE = """
import sys
from clairvoyance.cli import cli
from clairvoyance.entities.interfaces import IConfig

IConfig.bucket_size = 16
cli(sys.argv[1:])
"""


@dataclass
class Scan:
    """What one tool did at one place."""

    mode: str
    place: str
    tool: str
    answers: int = 0
    codes: Counter[str] = field(default_factory=Counter)
    findings: list[str] = field(default_factory=list)


def names_of(schema: GraphQLSchema) -> set[str]:
    """Return the names of types and fields that are no plain words, which messages may hold by themselves."""
    types = {name: kind for name, kind in schema.type_map.items() if not name.startswith("_")}
    fields = {name for kind in types.values() for name in getattr(kind, "fields", {})}
    return {name for name in {*types, *fields} if re.search(r"[a-z][A-Z]", name)}


def run(words: list[object], folder: Path, seconds: int = TOOL_SECONDS) -> str:
    """Run a tool to its end and return what it says; a tool that finds something ends with a status of its own."""
    given: Any = {"cwd": folder, "capture_output": True, "text": True, "timeout": seconds}
    try:
        done = subprocess.run([str(word) for word in words], check=False, **given)
    except subprocess.TimeoutExpired:
        return f"given up after {seconds} s"
    return str(done.stdout + done.stderr)


def judge(scan: Scan, status: int, asked: str, answered: str, names: set[str]) -> None:
    """Look at one answer; in production it names nothing that was not in the request."""
    scan.answers += 1
    if status >= httpx.codes.INTERNAL_SERVER_ERROR:
        scan.findings.append(f"{status}: {answered[:200]}")
        return
    try:
        errors = json.loads(answered).get("errors") or []
    except ValueError:
        scan.findings.append(f"no JSON: {answered[:200]}")
        return
    for error in errors:
        code = error.get("extensions", {}).get("code")
        scan.codes[str(code)] += 1
        # A client's own words come back to it.
        reported = {
            "message": " ".join(word for word in error["message"].split() if word.strip("'\"{},:") not in asked)
        }
        if code in UNMASKED or is_internal(reported):
            scan.findings.append(f"unmasked: {error}")
        named = {word for word in re.findall(r"\w+", error["message"]) if word in names and word not in asked}
        if scan.mode != "development" and named:
            scan.findings.append(f"names {sorted(named)}: {error['message']}")


def exchanges(folder: Path) -> Iterator[tuple[int, str, str]]:
    """Yield status, request and answer of all that schemathesis has sent."""
    for path in folder.glob("har-*.json"):
        with contextlib.suppress(json.JSONDecodeError):  # it was given up while it wrote its report
            report = json.loads(path.read_text())
            yield from exchanges_of(report)


def exchanges_of(report: Any) -> Iterator[tuple[int, str, str]]:
    for entry in report["log"]["entries"]:
        content = entry["response"].get("content", {})
        text = content.get("text", "")
        answered = base64.b64decode(text).decode(errors="replace") if content.get("encoding") == "base64" else text
        yield entry["response"]["status"], entry["request"].get("postData", {}).get("text", ""), answered


class Scanner:
    """The tools, and the names that they look for."""

    def __init__(self, tools: Path, folder: Path, examples: int) -> None:
        self.tools, self.folder, self.examples = tools, folder, examples
        self.schemas: dict[str, GraphQLSchema] = {}

    def schemathesis(self, scan: Scan, url: str, token: str | None = None) -> None:
        folder = self.folder / f"{scan.mode}-{scan.place}-{'admin' if token else 'anybody'}"
        folder.mkdir()
        schema = folder / "graph.graphql"
        schema.write_text(print_schema(self.schemas[scan.place]))
        options = ["-n", self.examples, "--phases", "fuzzing", "--continue-on-failure", "--seed", 1, "--no-color"]
        report = ["--report", "har", "--report-dir", folder]
        who = ["-H", f"Authorization:Bearer {token}"] if token else []
        said = run(
            [self.tools / "st", "run", schema, "--url", url, *options, *report, *who], folder, SCHEMATHESIS_SECONDS
        )
        for status, asked, answered in exchanges(folder):
            judge(scan, status, asked, answered, names_of(self.schemas[scan.place]))
        if scan.answers == 0:
            scan.findings.append(f"it did not run: {said[-500:]}")

    def clairvoyance(self, scan: Scan, url: str) -> None:
        folder = self.folder / f"{scan.mode}-{scan.place}-clairvoyance"
        folder.mkdir()
        types = self.schemas[scan.place].type_map
        words = {name for kind in types.values() for name in getattr(kind, "fields", {})}
        (folder / "words").write_text("\n".join(sorted(words)))
        tool = [self.tools / "python", "-c", CLAIRVOYANCE, url, "-w", "words", "-o", "found.json"]
        said = run([*tool, "--concurrent-requests", 8, "--max-retries", 3], folder).strip() or "nothing"
        scan.codes["names learned"] = 0
        found: Any = json.loads((folder / "found.json").read_text()) if (folder / "found.json").exists() else {}
        for kind in found.get("data", {}).get("__schema", {}).get("types", []):
            there = getattr(types.get(kind["name"]), "fields", {})
            names = [each["name"] for each in kind.get("fields") or [] if each["name"] in there]
            scan.codes["names learned"] += len(names)
            if names and scan.mode != "development":
                scan.findings.append(f"{kind['name']}: {names}")
        if scan.mode == "development" and not scan.codes["names learned"]:
            scan.findings.append("it learns nothing where the graph suggests names, so it proves nothing")
        last = [line for line in said.splitlines() if "Error" in line] or [said]
        scan.codes[f"said: {last[-1][:60]}"] = 1

    def inql(self, scan: Scan, url: str) -> None:
        folder = self.folder / f"{scan.mode}-{scan.place}-inql"
        folder.mkdir()
        run([self.tools / "inql", "-t", url, "--generate-cycles", "--cycles-timeout", 30, "-o", folder], folder)
        # It keeps any answer as the schema.
        reported = [path for path in folder.rglob("schema-*.json") if "queryType" in path.read_text()]
        cycles = [line for path in folder.rglob("cycles-*") for line in path.read_text().splitlines() if "->" in line]
        scan.codes["cycles"] = len(cycles)
        if scan.mode == "development":
            # A turn of any of them is a field at least: the limit of depth bounds them all.
            scan.findings += [f"a cycle without a field: {line}" for line in cycles if "-[" not in line]
        elif reported or cycles:
            scan.findings.append("the graph was told")


async def learn(scanner: Scanner, urls: dict[str, str]) -> None:
    for place, url in urls.items():
        async with http_client(base_url=url.removesuffix("/graphql"), timeout=60) as client:
            scanner.schemas[place] = await schema_of(client)


def scan_shop(running: Shop, mode: str, scanner: Scanner) -> list[Scan]:
    port = registry.port_of(SUBGRAPH, Settings(port=running.port))
    urls = {"router": running.url, SUBGRAPH: f"http://127.0.0.1:{port}/graphql"}
    if not scanner.schemas:
        asyncio.run(learn(scanner, urls))
    done = []
    for place, url in urls.items():
        tools: dict[str, Callable[[Scan, str], None]] = {
            "schemathesis": scanner.schemathesis,
            "InQL": scanner.inql,
            "clairvoyance": scanner.clairvoyance,
        }
        if mode == "development":
            admin = asyncio.run(running.log_in("admin"))
            tools["schemathesis, admin"] = partial(scanner.schemathesis, token=admin)
        for name, tool in tools.items():
            scan = Scan(mode, place, name)
            tool(scan, url)
            done.append(scan)
    return done


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--examples", type=int, default=10, help="requests of schemathesis for each root field")
    chosen = arguments.parse_args()
    console = Console(highlight=False, width=None if sys.stdout.isatty() else 150)
    table = Table("mode", "at", "tool", "answers", "codes", "findings")
    findings: list[str] = []
    with tempfile.TemporaryDirectory() as directory:
        folder = Path(directory)
        folder.chmod(0o755)  # as root, the servers run as another user
        subprocess.run([sys.executable, "-m", "venv", folder / "tools"], check=True)
        pip = [str(folder / "tools" / "bin" / "pip"), "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, *TOOLS], check=True)
        scanner = Scanner(folder / "tools" / "bin", folder, chosen.examples)
        for mode, env in MODES.items():
            home = reachable(folder) / f"home-{mode}"
            with shop(home, "--split", *(["--no-seed"] if env else []), env=env) as running:
                for scan in scan_shop(running, mode, scanner):
                    codes = ", ".join(f"{code} {count}" for code, count in scan.codes.most_common())
                    found = str(len(scan.findings))
                    table.add_row(scan.mode, scan.place, scan.tool, str(scan.answers), codes, found)
                    findings += [f"{scan.mode} {scan.place} {scan.tool}: {each}" for each in scan.findings]
    console.print(table)
    for finding, count in Counter(findings).most_common(50):
        console.print(f"{count} times: {finding}", markup=False)
    raise SystemExit(bool(findings))


if __name__ == "__main__":
    main()
