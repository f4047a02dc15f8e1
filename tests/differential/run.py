"""One run: many documents on both sides, and what differs, made small."""

import asyncio
import json
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from graphql import parse, print_ast

from tests.differential.documents import Document, json_text
from tests.differential.features import Feature
from tests.differential.generator import Generator
from tests.differential.harness import Harness, Outcome
from tests.differential.shrinking import shrink

AT_ONCE = 4
"""Documents that are under way at the same time."""


@dataclass
class Failure:
    """A document whose answers differ, as small as it could be made."""

    number: int
    document: Document
    outcome: Outcome

    def __str__(self) -> str:
        document = self.document
        return "\n".join(
            [
                f"document {self.number}, as {document.role}{document.trouble}:",
                print_ast(parse(document.text)),
                f"variables: {json_text(document.sent_variables())}",
                *[f"- {each.sentence}" for each in self.outcome.differences[:10]],
                f"the reference answers {_shown(self.outcome.reference.data, self.outcome.reference.errors)}",
                f"the router answers    {json.dumps(self.outcome.body)[:3000]}",
            ]
        )


@dataclass
class Report:
    """What a run found."""

    compared: int = 0
    with_data: int = 0
    with_errors: int = 0
    left_out: Counter[str] = field(default_factory=Counter)
    differing: list[int] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    seconds: float = 0.0


async def run(
    harness: Harness,
    generator: Generator,
    numbers: range,
    seed: int,
    shown: int = 1,
    *,
    keep_going: bool = False,
    on_progress: Callable[[Report], object] = lambda _: None,
) -> Report:
    """Compare the documents of some numbers until `shown` of them differ; these are made small.

    With `keep_going`, all are compared, and of those that differ in the same way the first is shown.
    """
    report, pending, started = Report(), iter(numbers), time.monotonic()
    found: set[object] = set()

    async def work() -> None:
        for number in pending:
            document = generator.document(f"{seed} {number}")
            outcome = await harness.check(document)
            if outcome.differences and not (await harness.check(document)).differences:
                # Other documents change what this one reads; such a line of the report asks for a look.
                outcome = Outcome(left_out=f"differed once: {', '.join(sorted(outcome.kind[0]))}")
            _count(report, outcome)
            if outcome.differences:
                report.differing.append(number)
                kind = outcome.kind if keep_going else number
                if kind not in found:
                    found.add(kind)
                    report.failures.append(await smallest(harness, number, document))
            report.seconds = time.monotonic() - started
            on_progress(report)
            if len(found) >= shown and not keep_going:
                return

    async with asyncio.TaskGroup() as group:
        for _ in range(AT_ONCE):
            group.create_task(work())
    return report


async def smallest(harness: Harness, number: int, document: Document) -> Failure:
    """Make a failing document small, as long as it fails in the same way."""
    kinds, codes = (await harness.check(document)).kind

    async def fails(candidate: Document) -> bool:
        outcome = await harness.check(candidate)
        return bool(outcome.differences) and outcome.kind[0] <= kinds and outcome.kind[1] <= codes

    small = await shrink(document, fails, harness.reference.schema)
    outcome = await harness.check(small)
    return Failure(number, small, outcome)


def _count(report: Report, outcome: Outcome) -> None:
    if outcome.left_out:
        report.left_out[outcome.left_out] += 1
        return
    report.compared += 1
    report.with_data += bool(outcome.reference.data)
    report.with_errors += bool(outcome.reference.errors)


def _shown(data: Any, errors: Any) -> str:
    listed = [{"code": each.code, "path": list(each.path)} for each in errors]
    return json.dumps({"data": data, "errors": listed})[:3000]


def named(features: frozenset[Feature]) -> str:
    """Return the names of some features."""
    return ", ".join(sorted(each.value for each in features))
