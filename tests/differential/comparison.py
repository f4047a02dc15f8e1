"""Compares an answer of the router with that of the reference, in what the specification fixes.

Fixed are the data with the order of their keys, and for each null whether an error explains it. An error at a field
that is null has its code and its path, list positions included. Of several errors below one null that has propagated,
the specification leaves open which are reported: at least one, and none that is not possible, as far as that is known.
The order of errors is open. A request that is refused as a whole has no data: its codes are compared.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from graphql import GraphQLError

from shared.core.errors import PublicError

Path = tuple[str | int, ...]


class ReportedError(NamedTuple):
    """An error as it is compared: its code and its place."""

    code: str
    path: Path


@dataclass
class Answer:
    """An answer of either side."""

    data: Any = None
    has_data: bool = False
    errors: list[ReportedError] = field(default_factory=list)
    possible: set[ReportedError] = field(default_factory=set)
    """All errors that the specification allows, where it leaves a choice; known of the reference alone."""

    @classmethod
    def refused(cls, code: str, possible: Sequence[str] = ()) -> "Answer":
        """Return the answer to a request that is refused as a whole, and perhaps with further codes."""
        return cls(errors=[ReportedError(code, ())], possible={ReportedError(each, ()) for each in possible})

    @classmethod
    def of_body(cls, body: dict[str, Any]) -> "Answer":
        """Read a response body."""
        errors = [
            ReportedError(str((each.get("extensions") or {}).get("code")), tuple(each.get("path") or ()))
            for each in body.get("errors") or ()
        ]
        has_data = body.get("data") is not None or ("data" in body and any(each.path for each in errors))
        return cls(body.get("data"), has_data, errors)


def code_of(error: BaseException) -> str:
    """Return the code that clients get for an error; a bug has that of masked ones."""
    cause: BaseException | None = error
    while isinstance(cause, GraphQLError):
        cause = cause.original_error
    if isinstance(cause, PublicError):
        return cause.code
    if cause is None:
        return "BAD_USER_INPUT"  # coercion of variables and arguments
    return "INTERNAL_SERVER_ERROR"


class Difference(NamedTuple):
    """What the router answers differently: a kind of difference, and a sentence about it."""

    kind: str
    sentence: str


def differences(reference: Answer, router: Answer, *, positions: bool = True) -> list[Difference]:
    """Return what the router answers differently from the reference; empty if nothing.

    Without `positions`, paths of errors are compared but for their list positions.
    """
    if not reference.has_data or not router.has_data:
        return _in_refusals(reference, router)
    found = list(_in_data(reference.data, router.data, ()))
    if found:
        return found
    return _in_errors(reference, router) if positions else _in_errors_without_positions(reference, router)


def internal_errors(answer: Answer) -> list[Difference]:
    """Return the errors of an answer that no client may be the cause of, even if both sides answer so."""
    wrong = [each for each in answer.errors if each.code == "INTERNAL_SERVER_ERROR"]
    return [Difference("internal error", f"an internal error: {_listed(wrong)}")] if wrong else []


def _in_refusals(reference: Answer, router: Answer) -> list[Difference]:
    expected, actual = ({each.code for each in answer.errors} for answer in (reference, router))
    possible = expected | {each.code for each in reference.possible}
    if reference.has_data == router.has_data and expected <= actual <= possible:
        return []
    texts = [f"{'data' if each.has_data else 'no data'} and {_listed(each.errors)}" for each in (reference, router)]
    return [Difference("refusal", f"expected {texts[0]}, but the router answers {texts[1]}")]


def _in_data(expected: Any, actual: Any, path: Path) -> Iterable[Difference]:
    place = _shown(path)
    if isinstance(expected, dict) and isinstance(actual, dict):
        if set(expected) != set(actual):
            missing, extra = sorted(set(expected) - set(actual)), sorted(set(actual) - set(expected))
            yield Difference("members", f"{place}: missing {missing}, unexpected {extra}")
        elif list(expected) != list(actual):
            yield Difference("order", f"{place}: the order is {list(actual)} instead of {list(expected)}")
        for key in expected:
            if key in actual:
                yield from _in_data(expected[key], actual[key], (*path, key))
    elif isinstance(expected, list) and isinstance(actual, list) and len(expected) == len(actual):
        for index, pair in enumerate(zip(expected, actual, strict=True)):
            yield from _in_data(*pair, (*path, index))
    elif not _is_same_leaf(expected, actual):
        kind = "null" if actual is None else "value"
        yield Difference(kind, f"{place}: {str(actual)[:200]!r} instead of {str(expected)[:200]!r}")


def _is_same_leaf(expected: Any, actual: Any) -> bool:
    """Return whether two values are the same in JSON, where 1.0 and 1 are one number, and true is none."""
    if isinstance(expected, bool) or isinstance(actual, bool):
        return expected is actual
    return bool(expected == actual) and not isinstance(expected, dict | list)


def _in_errors(reference: Answer, router: Answer) -> list[Difference]:
    expected, expected_below = _by_place(reference)
    actual, actual_below = _by_place(router)
    found = _missing_and_unexpected(expected - actual, actual - expected)
    possible = reference.possible | set(reference.errors)
    for place in expected_below.keys() | actual_below.keys():
        due, reported = expected_below.get(place, set()), actual_below.get(place, set())
        if not reported:
            found.append(Difference("missing error", f"no error for the null at {_shown(place)}: {_listed(due)}"))
        elif not due:
            sentence = f"unexpected errors below the null at {_shown(place)}: {_listed(reported)}"
            found.append(Difference("unexpected error", sentence))
        elif wrong := _impossible(reported, possible):
            sentence = f"below the null at {_shown(place)}: {_listed(wrong)} instead of {_listed(due)}"
            found.append(Difference("unexpected error", sentence))
    return found


def _impossible(reported: set[ReportedError], possible: set[ReportedError]) -> set[ReportedError]:
    """Return the errors below a null that has propagated which cannot be.

    The reference stops below such a null, so that it does not know all that is possible there. Where the router reports
    one error that is known to be, its others need a known code alone.
    """
    unknown = reported - possible
    if unknown == reported:
        return unknown
    codes = {each.code for each in possible}
    return {each for each in unknown if each.code not in codes}


def _in_errors_without_positions(reference: Answer, router: Answer) -> list[Difference]:
    actual = _without_positions(router.errors)
    expected, possible = _by_place(reference)[0], [*reference.possible, *reference.errors]
    return _missing_and_unexpected(_without_positions(expected) - actual, actual - _without_positions(possible))


def _missing_and_unexpected(missing: set[ReportedError], unexpected: set[ReportedError]) -> list[Difference]:
    found = [Difference("missing error", f"missing error {_listed([each])}") for each in sorted(missing, key=str)]
    return found + [
        Difference("unexpected error", f"unexpected error {_listed([each])}") for each in sorted(unexpected, key=str)
    ]


def _without_positions(errors: Iterable[ReportedError]) -> set[ReportedError]:
    return {ReportedError(each.code, tuple(step for step in each.path if isinstance(step, str))) for each in errors}


def _by_place(answer: Answer) -> tuple[set[ReportedError], dict[Path, set[ReportedError]]]:
    """Return the errors without a null above their own place, and the others by the place of that null."""
    at: set[ReportedError] = set()
    below: dict[Path, set[ReportedError]] = {}
    for error in answer.errors:
        place = null_above(answer.data, error.path)
        if place is None:
            at.add(error)
        else:
            below.setdefault(place, set()).add(error)
    return at, below


def null_above(data: Any, path: Path) -> Path | None:
    """Return the place of the null above an error's own place, or None if there is no such."""
    for depth, step in enumerate(path):
        if data is None:
            return path[:depth]
        try:
            data = data[step]
        except (KeyError, IndexError, TypeError):
            return None
    return None


def _shown(path: Path) -> str:
    return ".".join(map(str, path)) or "the whole"


def _listed(errors: Iterable[ReportedError]) -> str:
    return ", ".join(sorted({f"{each.code} at {_shown(each.path)}" for each in errors})) or "no error"
