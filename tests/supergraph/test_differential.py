"""Generated documents get the answers from the router that the specification demands: a short run of the comparison."""

import pytest

from tests.chaos.run import settings_of
from tests.differential.features import ANSWERED
from tests.differential.generator import Generator
from tests.differential.harness import open_harness
from tests.differential.pools import fill
from tests.differential.run import run
from tests.support.shop import Shop

pytestmark = [pytest.mark.usefixtures("_urls"), pytest.mark.parametrize("running", ["one process"], indirect=True)]

DOCUMENTS = 120


async def test_the_router_answers_as_the_specification_demands(running: Shop) -> None:
    async with open_harness(settings_of(running), ANSWERED) as harness:
        reference = harness.reference
        generator = Generator(reference.schema, reference.supergraph, await fill(harness, ANSWERED), ANSWERED)
        report = await run(harness, generator, range(DOCUMENTS), seed=1)
    assert not report.failures, str(report.failures[0])
    assert report.compared >= DOCUMENTS * 0.95, report.left_out
    assert report.with_data > DOCUMENTS / 2
    assert report.with_errors > DOCUMENTS / 10
