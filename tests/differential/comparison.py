"""Compares an answer of the router with that of the reference, in what the specification fixes.

Fixed are the data with the order of their keys, and for each null why it is null. An error at a field that is null is
told with its code and its path, list positions included. Of several errors below one null that has propagated, the
specification leaves open which are told, so the router's must be among those that could be told, and at least one.
The order of errors is open. A request that is refused as a whole has no data: its codes are compared.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

Path = tuple[str | int, ...]


class Problem(NamedTuple):
    """An error as it is compared: its code and its place."""

    code: str
    path: Path


@dataclass
class Answer:
    """An answer of either side."""

    data: Any = None
    has_data: bool = False
    errors: list[Problem] = field(default_factory=list)
    possible: set[Problem] = field(default_factory=set)
    """All errors that the specification allows, where it leaves a choice; known of the reference alone."""

    @classmethod
    def refused(cls, code: str) -> "Answer":
        """Return the answer to a request that is refused as a whole."""
        return cls(errors=[Problem(code, ())])

    @classmethod
    def of_body(cls, body: dict[str, Any]) -> "Answer":
        """Read a response body."""
        errors = [
            Problem(str((each.get("extensions") or {}).get("code")), tuple(each.get("path") or ()))
            for each in body.get("errors") or ()
        ]
        has_data = body.get("data") is not None or ("data" in body and any(each.path for each in errors))
        return cls(body.get("data"), has_data, errors)


class Difference(NamedTuple):
    """What the router answers differently: a kind of difference, and a sentence about it."""

    kind: str
    sentence: str


def differences(reference: Answer, router: Answer, *, positions: bool = True) -> list[Difference]:
    """Return what the router answers differently from the reference; empty if nothing.

    Without `positions`, paths of errors are compared but for their list positions.
    """
    if not reference.has_data or not router.has_data:
        return _of_refusals(reference, router)
    found = list(_of_data(reference.data, router.data, ()))
    if found:
        return found
    return _of_errors(reference, router) if positions else _of_names(reference, router)


def _of_refusals(reference: Answer, router: Answer) -> list[Difference]:
    ours, theirs = ({each.code for each in answer.errors} for answer in (reference, router))
    if reference.has_data != router.has_data or ours != theirs:
        told = [f"{'data' if each.has_data else 'no data'} and {_listed(each.errors)}" for each in (reference, router)]
        return [Difference("refusal", f"expected {told[0]}, but the router answers {told[1]}")]
    return []


def _of_data(ours: Any, theirs: Any, path: Path) -> Iterable[Difference]:
    """Yield the first differences of some data."""
    place = _shown(path)
    if isinstance(ours, dict) and isinstance(theirs, dict):
        if set(ours) != set(theirs):
            lost, extra = sorted(set(ours) - set(theirs)), sorted(set(theirs) - set(ours))
            yield Difference("members", f"{place}: missing {lost}, unexpected {extra}")
        elif list(ours) != list(theirs):
            yield Difference("order", f"{place}: the order is {list(theirs)} instead of {list(ours)}")
        for key in ours:
            if key in theirs:
                yield from _of_data(ours[key], theirs[key], (*path, key))
    elif isinstance(ours, list) and isinstance(theirs, list) and len(ours) == len(theirs):
        for index, (our, their) in enumerate(zip(ours, theirs, strict=True)):
            yield from _of_data(our, their, (*path, index))
    elif not _same_leaf(ours, theirs):
        kind = "null" if theirs is None else "value"
        yield Difference(kind, f"{place}: {str(theirs)[:200]!r} instead of {str(ours)[:200]!r}")


def _same_leaf(ours: Any, theirs: Any) -> bool:
    """Tell whether two values are the same in JSON, where 1.0 and 1 are one number, and true is none."""
    if isinstance(ours, bool) or isinstance(theirs, bool):
        return ours is theirs
    return bool(ours == theirs) and not isinstance(ours, dict | list)


def _of_errors(reference: Answer, router: Answer) -> list[Difference]:
    expected, expected_below = _by_place(reference)
    told, told_below = _by_place(router)
    found = [Difference("missing error", f"no error {_listed([each])}") for each in sorted(expected - told, key=str)]
    found += [
        Difference("unexpected error", f"unexpected error {_listed([each])}")
        for each in sorted(told - expected, key=str)
    ]
    possible = reference.possible | set(reference.errors)
    for place in expected_below.keys() | told_below.keys():
        ours, theirs = expected_below.get(place, set()), told_below.get(place, set())
        if not theirs:
            sentence = f"no error tells why {_shown(place)} is null; expected {_listed(ours)}"
            found.append(Difference("missing error", sentence))
        elif not ours:
            sentence = f"unexpected errors below the null at {_shown(place)}: {_listed(theirs)}"
            found.append(Difference("unexpected error", sentence))
        elif theirs - possible:
            sentence = f"below the null at {_shown(place)}: {_listed(theirs - possible)} instead of {_listed(ours)}"
            found.append(Difference("unexpected error", sentence))
    return found


def _of_names(reference: Answer, router: Answer) -> list[Difference]:
    told, possible = _without_positions(router.errors), _without_positions([*reference.possible, *reference.errors])
    missing = _without_positions(_by_place(reference)[0]) - told
    found = [Difference("missing error", f"no error {_listed([each])}") for each in sorted(missing)]
    return found + [
        Difference("unexpected error", f"unexpected error {_listed([each])}") for each in sorted(told - possible)
    ]


def _without_positions(problems: Iterable[Problem]) -> set[Problem]:
    return {Problem(each.code, tuple(step for step in each.path if isinstance(step, str))) for each in problems}


def _by_place(answer: Answer) -> tuple[set[Problem], dict[Path, set[Problem]]]:
    """Return the errors at their own null or at no null at all, and by its place those that a null above hides."""
    at: set[Problem] = set()
    below: dict[Path, set[Problem]] = {}
    for problem in answer.errors:
        place = _null_above(answer.data, problem.path)
        if place is None:
            at.add(problem)
        else:
            below.setdefault(place, set()).add(problem)
    return at, below


def _null_above(data: Any, path: Path) -> Path | None:
    """Return the place above an error's own that is null, or None where there is no such."""
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


def _listed(problems: Iterable[Problem]) -> str:
    return ", ".join(sorted({f"{each.code} at {_shown(each.path)}" for each in problems})) or "no error"
