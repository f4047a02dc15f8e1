"""Generated documents get the answers from the router that the specification demands: a short run of the comparison."""

from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.chaos.run import settings_of
from tests.differential.documents import Field
from tests.differential.features import ANSWERED, Feature
from tests.differential.generator import Generator
from tests.differential.harness import Harness, open_harness
from tests.differential.mutations import OWN, REPLAYED
from tests.differential.pools import fill
from tests.differential.run import run
from tests.differential.seeded_faults import FAULTS, router_with
from tests.support.shop import Shop

pytestmark = [pytest.mark.usefixtures("_urls"), pytest.mark.parametrize("running", ["one process"], indirect=True)]

DOCUMENTS = 120
OF_EACH_MUTATION = 3
DOCUMENTS_FOR_A_FAULT = 600
"""Within so many a seeded fault must show."""


@pytest_asyncio.fixture(scope="module")
async def harness(running: Shop) -> AsyncIterator[Harness]:
    """Both sides, with all features; to load the graph and to log in takes more than a second."""
    async with open_harness(settings_of(running), ANSWERED) as opened:
        yield opened


async def generator_of(harness: Harness, features: frozenset[Feature]) -> Generator:
    reference = harness.reference
    return Generator(reference.schema, reference.supergraph, await fill(harness, features), features)


async def test_the_router_answers_as_the_specification_demands(harness: Harness) -> None:
    generator = await generator_of(harness, ANSWERED)
    report = await run(harness, generator, range(DOCUMENTS), seed=1)
    assert not report.failures, str(report.failures[0])
    assert report.compared >= DOCUMENTS * 0.95, report.left_out
    assert report.with_data > DOCUMENTS / 2
    assert report.with_errors > DOCUMENTS / 10


async def test_each_mutation_is_answered_on_both_sides(harness: Harness) -> None:
    features = frozenset({Feature.MUTATIONS})
    sides = harness.of(features)
    generator = await generator_of(sides, features)
    tried: Counter[str] = Counter()
    number = 0
    while not all(tried[name] >= OF_EACH_MUTATION for name in OWN + REPLAYED):
        number += 1
        document = generator.document(f"mutations {number}")
        names = [each.name for each in document.selections if isinstance(each, Field)]
        if document.kind != "mutation" or all(tried[name] >= OF_EACH_MUTATION for name in names):
            continue
        outcome = await sides.check(document)
        assert not outcome.differences, (document.text, document.sent_variables(), outcome.differences)
        tried.update(names)


@pytest.mark.parametrize("title", FAULTS)
async def test_a_seeded_fault_is_found(running: Shop, harness: Harness, tmp_path: Path, title: str) -> None:
    fault = FAULTS[title]
    right = harness.of(fault.features)
    async with router_with(fault, settings_of(running), tmp_path) as url:
        faulty, generator = harness.of(fault.features, url), await generator_of(right, fault.features)
        for number in range(DOCUMENTS_FOR_A_FAULT):
            document = generator.document(f"seeded {number}")
            if (await faulty.check(document)).differences:
                # It is the fault that differs, and not the document.
                assert (await right.check(document)).differences == []
                return
    pytest.fail(f"{DOCUMENTS_FOR_A_FAULT} documents do not show that {title}")
