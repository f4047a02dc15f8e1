"""Generated documents get the answers from the router that the specification demands: a short run of the comparison."""

from collections import Counter

import pytest

from tests.chaos.run import settings_of
from tests.differential.documents import Field
from tests.differential.features import ANSWERED, Feature
from tests.differential.generator import Generator
from tests.differential.harness import open_harness
from tests.differential.mutations import OWN, REPLAYED
from tests.differential.pools import fill
from tests.differential.run import run
from tests.support.shop import Shop

pytestmark = [pytest.mark.usefixtures("_urls"), pytest.mark.parametrize("running", ["one process"], indirect=True)]

DOCUMENTS = 120
OF_EACH_MUTATION = 3


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
