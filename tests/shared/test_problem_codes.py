"""The codes of problems: clients know all of them from the schema, and each error of the shop has one."""

from collections.abc import Iterator

from petplus import registry
from shared.core import errors
from shared.graph.problem_codes import ProblemCode
from shared.graph.problems import PROBLEM_HANDLERS
from tests.support.apps import Served

REVOKE = 'mutation { sessionRevoke(input: { sessionId: "ses_1" }) { __typename ... on Problem { code } } }'
HANDLED = tuple(
    each
    for each in (
        errors.InvalidInput,
        errors.NotFound,
        errors.VersionConflict,
        errors.IllegalState,
        errors.TooManyRequests,
        errors.Unavailable,
        errors.Unauthenticated,
        errors.AuthenticationTooOld,
    )
)


def kinds(of: type[errors.PublicError]) -> Iterator[type[errors.PublicError]]:
    yield of
    for each in of.__subclasses__():
        yield from kinds(each)


def test_each_error_that_becomes_a_problem_has_a_code_of_the_schema() -> None:
    registry.load_all()
    assert len(PROBLEM_HANDLERS) == len(HANDLED)
    codes = {each.code for handled in HANDLED for each in kinds(handled) if each.__module__ != __name__}
    known = {each.value for each in ProblemCode}
    assert codes <= known
    assert known - codes == {"CHECKOUT_REFUSED"}, "no error has this code"


def test_a_code_is_named_as_it_is_sent() -> None:
    assert [each for each in ProblemCode if each.name != each.value] == []


async def test_a_problem_has_its_code(user: Served, customer: str) -> None:
    answer = await user.execute(REVOKE, customer)
    assert answer.data == {"sessionRevoke": {"__typename": "NotFoundProblem", "code": "NOT_FOUND"}}
