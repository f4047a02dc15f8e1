"""The comparison of two answers: it sees what the specification fixes, and lets pass what it leaves open."""

from graphql import build_schema, execute_sync, parse

from tests.differential.comparison import Answer, ReportedError, differences, internal_errors
from tests.differential.nullability import nullable_everywhere


def answer(data: object, *errors: ReportedError) -> Answer:
    return Answer(data, has_data=True, errors=list(errors))


def kinds(expected: Answer, actual: Answer) -> set[str]:
    return {each.kind for each in differences(expected, actual)}


def test_equal_answers_do_not_differ() -> None:
    denied = ReportedError("FORBIDDEN", ("a", 1, "b"))
    data = {"a": [{"b": 1}, {"b": None}]}
    assert kinds(answer(data, denied), answer(data, denied)) == set()


def test_a_lost_value_the_order_of_members_and_a_number_for_a_boolean_are_seen() -> None:
    assert kinds(answer({"a": "x"}), answer({"a": None})) == {"null"}
    assert kinds(answer({"a": 1, "b": 2}), answer({"b": 2, "a": 1})) == {"order"}
    assert kinds(answer({"a": True}), answer({"a": 1})) == {"value"}
    assert kinds(answer({"a": 1.0}), answer({"a": 1})) == set()
    assert kinds(answer({"a": []}), answer({"a": None})) == {"null"}


def test_an_error_at_another_item_of_a_list_is_seen() -> None:
    data = {"a": [{"b": None}, {"b": None}]}
    expected = answer(data, ReportedError("GONE", ("a", 0, "b")), ReportedError("GONE", ("a", 1, "b")))
    actual = answer(data, ReportedError("GONE", ("a", 0, "b")), ReportedError("GONE", ("a", 0, "b")))
    assert kinds(expected, actual) == {"missing error"}
    assert not differences(expected, actual, positions=False)


def test_of_several_errors_below_one_null_one_that_is_possible_is_required() -> None:
    data = {"a": None}
    first, second = ReportedError("GONE", ("a", "b")), ReportedError("GONE", ("a", "c"))
    expected = Answer(data, has_data=True, errors=[first], possible={first, second})
    assert kinds(expected, answer(data, second)) == set()
    assert kinds(expected, answer(data)) == {"missing error"}
    deeper = ReportedError("GONE", ("a", "d", "e"))
    assert kinds(expected, answer(data, deeper)) == {"unexpected error"}
    assert kinds(expected, answer(data, first, deeper)) == set()
    assert kinds(expected, answer(data, first, deeper._replace(code="BROKEN"))) == {"unexpected error"}


def test_an_error_where_the_data_are_whole_is_seen() -> None:
    assert kinds(answer({"a": 1}), answer({"a": 1}, ReportedError("GONE", ("a",)))) == {"unexpected error"}
    assert kinds(answer({"a": 1}), answer({"a": 1}, ReportedError("GONE", ("b",)))) == {"unexpected error"}


def test_a_refused_request_is_compared_by_its_codes() -> None:
    expected = Answer.refused("BAD_USER_INPUT")
    actual = Answer.of_body({"errors": [{"message": "x", "extensions": {"code": "BAD_USER_INPUT"}}], "data": None})
    assert kinds(expected, actual) == set()
    assert kinds(expected, Answer.refused("INTERNAL_SERVER_ERROR")) == {"refusal"}
    assert kinds(expected, answer({"a": None}, ReportedError("BAD_USER_INPUT", ("a",)))) == {"refusal"}


def test_an_internal_error_is_seen_although_both_sides_answer_so() -> None:
    broken = answer({"a": None}, ReportedError("INTERNAL_SERVER_ERROR", ("a",)))
    assert kinds(broken, broken) == set()
    assert [each.kind for each in internal_errors(broken)] == ["internal error"]
    assert internal_errors(answer({"a": None}, ReportedError("NOT_FOUND", ("a",)))) == []


def test_where_everything_is_nullable_each_field_reports_its_error() -> None:
    schema = build_schema("type Query { a: [A!]! b: Int } type A { x: Int! y: Int! }")
    data = {"a": [{"x": 1, "y": None}, {"x": None, "y": 2}], "b": 3}
    assert execute_sync(schema, parse("{ a { x y } b }"), data).data is None
    done = execute_sync(nullable_everywhere(schema), parse("{ a { x y } b }"), data)
    assert (done.data, done.errors) == (data, None)
