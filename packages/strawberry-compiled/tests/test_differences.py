"""Compiled or not, a document has the same answer to the byte, and its resolvers run in the same order."""

import random
from functools import partial

from differential.comparison import DROPS_COROUTINES, VALUES, Comparison
from differential.documents import DocumentGenerator
from differential.sample_schema import SampleContext
from graphql import parse, validate
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

pytestmark = DROPS_COROUTINES
PATHS = """
query Paths($yes: Boolean!, $no: Boolean!) {
  home {
    place
    repainted(color: BLUE) { color place }
    color
    ... on Node @include(if: $yes) { secret secretOrNone secretLeaves { text } }
    ...More @skip(if: $no)
    later { later { place } failsLater }
    things { __typename ... on Node { name } ... on Leaves { price moment } ... on Animal { age } }
    box { label contents { rows colorsOrNone anything } }
    animal { __typename name ... on Dog { tricks } }
  }
}
fragment More on Node { children { name family { place } odd { name } } promised { name } loud secretLater { key } }
"""


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.randoms(use_true_random=False))
async def test_generated_documents_have_the_same_answers(rng: random.Random) -> None:
    await Comparison().check(rng)


async def test_a_document_with_all_features_has_the_same_answers_for_many_seeds() -> None:
    comparison, parsed = Comparison(), parse(PATHS)
    for seed in range(150):
        for level in (0, 1, 2):
            variables = {"yes": seed % 2 == 0, "no": seed % 3 == 0}
            await comparison.compare(parsed, PATHS, variables, partial(SampleContext, seed, level))


def test_generated_documents_are_valid() -> None:
    schema = Comparison().schema._schema
    for seed in range(30):
        document = DocumentGenerator(schema, random.Random(seed), VALUES).document()
        assert validate(schema, parse(document.text)) == [], document.text
