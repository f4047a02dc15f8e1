"""Makes a failing document smaller, as long as it fails: one part is taken out or simplified at a time."""

import copy
from collections.abc import Awaitable, Callable, Iterator
from functools import partial
from operator import setitem

from graphql import GraphQLSchema

from tests.differential.documents import (
    ABSENT,
    Document,
    Field,
    Inline,
    Selection,
    Spread,
    Value,
    Variable,
    has_more_than_typename,
    walk,
)
from tests.differential.request_errors import has_valid_structure

Edit = Callable[[], object]
MOST_TRIES = 600


async def shrink(document: Document, fails: Callable[[Document], Awaitable[bool]], schema: GraphQLSchema) -> Document:
    """Return the smallest failing document that removing parts one at a time leads to."""
    tries, has_bare = 0, _has_bare_fragment(document)
    while True:
        for candidate in _smaller(document):
            # It would fail for a reason of its own.
            if not has_bare and _has_bare_fragment(candidate):
                continue
            if not has_valid_structure(schema, candidate.text):
                continue
            tries += 1
            if tries > MOST_TRIES:
                return document
            if await fails(candidate):
                document = candidate
                break
        else:
            return document


def _has_bare_fragment(document: Document) -> bool:
    """Tell whether an inline fragment selects nothing but `__typename`."""
    lists = [document.selections, *[each.selections for each in document.fragments.values()]]
    inlines = [each for selections in lists for each in walk(selections) if isinstance(each, Inline)]
    return any(not has_more_than_typename(each.selections) for each in inlines)


def _smaller(document: Document) -> list[Document]:
    """Return what is one edit away, the smallest first."""
    found = []
    for number in range(sum(1 for _ in _edits(document))):
        candidate = copy.deepcopy(document)
        list(_edits(candidate))[number]()
        if candidate.selections and _weight(candidate) < _weight(document):
            found.append(candidate)
    return sorted(found, key=_weight)


def _weight(document: Document) -> int:
    """Return how large a document is; what is harder to read weighs more than its length."""
    uses = document.text.count("$") + document.text.count("...") * 2
    return document.size + 20 * uses


def _edits(document: Document) -> Iterator[Edit]:
    used = document.used_fragments()
    fragments = [each.selections for name, each in document.fragments.items() if name in used]
    for selections in [document.selections, *fragments]:
        yield from _edits_of_list(selections, document)
    for declared in document.variables.values():
        if declared.default is not ABSENT:
            yield partial(setattr, declared, "default", ABSENT)
    if document.others:
        yield document.others.clear
    if document.role != "anonymous":
        yield partial(setattr, document, "role", "anonymous")


def _edits_of_list(selections: list[Selection], document: Document) -> Iterator[Edit]:
    for at, each in enumerate(selections):
        if len(selections) > 1:
            yield partial(selections.pop, at)
        if isinstance(each, Inline):
            yield partial(setitem, selections, slice(at, at + 1), each.selections)
        if isinstance(each, Spread):
            inner = document.fragments[each.name]
            inline = Inline(kind=inner.kind, conditions=each.conditions, selections=copy.deepcopy(inner.selections))
            yield partial(setitem, selections, at, inline)
        yield from _edits_of_one(each, document)
        if each.selections:
            yield from _edits_of_list(each.selections, document)
            yield partial(setattr, each, "selections", [Field(name="__typename")])


def _edits_of_one(selection: Selection, document: Document) -> Iterator[Edit]:
    for at, condition in enumerate(selection.conditions):
        yield partial(selection.conditions.pop, at)
        if isinstance(condition.value, Variable):
            for value in (True, False):
                yield partial(setattr, condition, "value", value)
    if isinstance(selection, Field):
        if selection.alias:
            yield partial(setattr, selection, "alias", None)
        for name, value in selection.arguments.items():
            yield partial(selection.arguments.pop, name)
            for simpler in _simpler(value, document):
                yield partial(setitem, selection.arguments, name, simpler)
    if isinstance(selection, Inline) and selection.kind:
        yield partial(setattr, selection, "kind", None)


def _simpler(value: Value, document: Document) -> Iterator[Value]:
    if isinstance(value, Variable):
        declared = document.variables[value.name]
        for each in (declared.value, declared.default):
            if each is not ABSENT:
                yield each
    elif isinstance(value, dict):
        for name, each in value.items():
            yield {other: one for other, one in value.items() if other != name}
            for simpler in _simpler(each, document):
                yield {**value, name: simpler}
    elif isinstance(value, list):
        for at, each in enumerate(value):
            yield value[:at] + value[at + 1 :]
            for simpler in _simpler(each, document):
                yield [*value[:at], simpler, *value[at + 1 :]]
    elif isinstance(value, str) and len(value) > 40:
        yield "a"
