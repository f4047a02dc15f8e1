"""Generated documents get the answers from the router that the specification demands: a short run of the comparison."""

from collections import Counter
from pathlib import Path

import pytest

from tests.chaos.run import settings_of
from tests.differential.documents import Field
from tests.differential.features import ANSWERED, Feature
from tests.differential.generator import Generator
from tests.differential.harness import Harness, open_harness
from tests.differential.mutations import OWN, REPLAYED
from tests.differential.pools import fill
from tests.differential.run import run
from tests.differential.seeded_faults import FAULTS, router_with
from tests.support.http import http_client
from tests.support.shop import Shop

pytestmark = [pytest.mark.usefixtures("_urls"), pytest.mark.parametrize("running", ["one process"], indirect=True)]

DOCUMENTS = 120
OF_EACH_MUTATION = 3
DOCUMENTS_FOR_A_FAULT = 600
"""Within so many a seeded fault must show."""


async def test_the_router_answers_as_the_specification_demands(running: Shop) -> None:
    async with open_harness(settings_of(running), ANSWERED) as harness:
        reference = harness.reference
        generator = Generator(reference.schema, reference.supergraph, await fill(harness, ANSWERED), ANSWERED)
        report = await run(harness, generator, range(DOCUMENTS), seed=1)
    assert not report.failures, str(report.failures[0])
    assert report.compared >= DOCUMENTS * 0.95, report.left_out
    assert report.with_data > DOCUMENTS / 2
    assert report.with_errors > DOCUMENTS / 10


async def test_each_mutation_is_answered_on_both_sides(running: Shop) -> None:
    features = frozenset({Feature.MUTATIONS})
    async with open_harness(settings_of(running), features) as harness:
        reference = harness.reference
        generator = Generator(reference.schema, reference.supergraph, await fill(harness, features), features)
        tried: Counter[str] = Counter()
        number = 0
        while not all(tried[name] >= OF_EACH_MUTATION for name in OWN + REPLAYED):
            number += 1
            document = generator.document(f"mutations {number}")
            names = [each.name for each in document.selections if isinstance(each, Field)]
            if document.kind != "mutation" or all(tried[name] >= OF_EACH_MUTATION for name in names):
                continue
            outcome = await harness.check(document)
            assert not outcome.differences, (document.text, document.sent_variables(), outcome.differences)
            tried.update(names)


@pytest.mark.parametrize("title", FAULTS)
async def test_a_seeded_fault_is_found(running: Shop, tmp_path: Path, title: str) -> None:
    fault, settings = FAULTS[title], settings_of(running)
    async with (
        open_harness(settings, fault.features) as harness,
        router_with(fault, settings, tmp_path) as url,
        http_client() as client,
    ):
        reference = harness.reference
        generator = Generator(
            reference.schema, reference.supergraph, await fill(harness, fault.features), fault.features
        )
        faulty = Harness(reference, client, url, fault.features)
        for number in range(DOCUMENTS_FOR_A_FAULT):
            document = generator.document(f"seeded {number}")
            if (await faulty.check(document)).differences:
                # It is the fault that differs, and not the document.
                assert (await harness.check(document)).differences == []
                return
    pytest.fail(f"{DOCUMENTS_FOR_A_FAULT} documents do not show that {title}")
