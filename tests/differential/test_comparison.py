"""The comparison of two answers: it sees what the specification fixes, and lets pass what it leaves open."""

from tests.differential.comparison import Answer, Problem, differences


def answer(data: object, *errors: Problem) -> Answer:
    return Answer(data, has_data=True, errors=list(errors))


def kinds(ours: Answer, theirs: Answer) -> set[str]:
    return {each.kind for each in differences(ours, theirs)}


def test_equal_answers_do_not_differ() -> None:
    denied = Problem("FORBIDDEN", ("a", 1, "b"))
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
    ours = answer(data, Problem("GONE", ("a", 0, "b")), Problem("GONE", ("a", 1, "b")))
    theirs = answer(data, Problem("GONE", ("a", 0, "b")), Problem("GONE", ("a", 0, "b")))
    assert kinds(ours, theirs) == {"missing error"}
    assert not differences(ours, theirs, positions=False)


def test_of_several_errors_below_one_null_any_that_is_possible_may_be_told_but_no_other_and_not_none() -> None:
    data = {"a": None}
    first, second = Problem("GONE", ("a", "b")), Problem("GONE", ("a", "c"))
    ours = Answer(data, has_data=True, errors=[first], possible={first, second})
    assert kinds(ours, answer(data, second)) == set()
    assert kinds(ours, answer(data)) == {"missing error"}
    assert kinds(ours, answer(data, Problem("GONE", ("a", "d")))) == {"unexpected error"}


def test_an_error_where_the_data_are_whole_is_seen() -> None:
    assert kinds(answer({"a": 1}), answer({"a": 1}, Problem("GONE", ("a",)))) == {"unexpected error"}
    assert kinds(answer({"a": 1}), answer({"a": 1}, Problem("GONE", ("b",)))) == {"unexpected error"}


def test_a_refused_request_is_compared_by_its_codes() -> None:
    ours = Answer.refused("BAD_USER_INPUT")
    theirs = Answer.of_body({"errors": [{"message": "x", "extensions": {"code": "BAD_USER_INPUT"}}], "data": None})
    assert kinds(ours, theirs) == set()
    assert kinds(ours, Answer.refused("INTERNAL_SERVER_ERROR")) == {"refusal"}
    assert kinds(ours, answer({"a": None}, Problem("BAD_USER_INPUT", ("a",)))) == {"refusal"}
