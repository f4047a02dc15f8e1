"""How large a GraphQL document may be, counted before it is validated or run.

Everything is counted as if fragments were written out where they are spread, so neither aliases nor fragments hide
anything; each fragment is counted once, so a document that would explode costs no more than its text. The router
holds the same limits (`router/gateway/limits.mjs`): what it refuses cannot be sent around it.
"""

from collections.abc import Collection
from dataclasses import dataclass

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
)

from shared.core.errors import PublicError
from shared.core.limits_file import LIMITS

MOST_TOKENS = LIMITS.document.tokens
"""Far above any honest operation, and low enough for the parser to stay on the stack."""
MOST_CHARACTERS = LIMITS.document.characters
DEEPEST_SELECTION = LIMITS.document.depth
MOST_FIELDS = LIMITS.document.fields
MOST_REPEATS = LIMITS.document.repeated_fields
"""How often one field may be asked for at one place: validation compares each with each (100 times took 0.1 s)."""
MOST_ALIASES = LIMITS.document.aliases
MOST_ROOT_FIELDS = LIMITS.document.root_fields
MOST_DIRECTIVES = LIMITS.document.directives
MOST_FRAGMENTS = LIMITS.document.fragments
MOST_OPERATIONS = LIMITS.document.operations

DEEPEST_VALUE = LIMITS.variables.depth
MOST_VALUES = LIMITS.variables.values_at_subgraphs
"""The router sends up to 10,000 representations of entities at once."""

INTROSPECTION = frozenset({"__schema", "__type"})


class LimitExceeded(PublicError):
    """A document, its variables or its cost exceed a limit. Nothing has run."""

    code = "LIMIT_EXCEEDED"

    def __init__(self, limit: str, maximum: int, requested: int | None = None) -> None:
        """`limit` is the name that clients get; `requested` is left out where counting stops at the maximum."""
        super().__init__(f"The request exceeds the limit of {maximum} for {limit}.")
        self.details |= {"limit": limit, "maximum": maximum}
        if requested is not None:
            self.details["requested"] = requested


class IntrospectionDisabled(PublicError):
    """The schema is not told in production."""

    code = "INTROSPECTION_DISABLED"

    def __init__(self) -> None:
        super().__init__("Introspection is not available here.")


@dataclass(frozen=True)
class Size:
    """What one selection set holds, fragments written out."""

    depth: int = 0
    fields: int = 0
    aliases: int = 0
    directives: int = 0
    roots: int = 0
    introspects: bool = False
    is_recursive: bool = False
    """Whether a fragment spreads itself. What it holds there is not counted: the document is not valid."""


def measure(document: DocumentNode) -> Size:
    """Return the size of the largest operation in each respect; raises LimitExceeded for one that is too large."""
    fragments = {each.name.value: each for each in document.definitions if isinstance(each, FragmentDefinitionNode)}
    operations = [each for each in document.definitions if isinstance(each, OperationDefinitionNode)]
    _at_most("fragments", len(fragments), MOST_FRAGMENTS)
    _at_most("operations", len(operations), MOST_OPERATIONS)
    scale = _Scale(fragments)
    sizes = [scale.size(each.selection_set, len(each.directives or ()), 0) for each in operations]
    whole = Size(
        depth=max((size.depth for size in sizes), default=0),
        fields=max((size.fields for size in sizes), default=0),
        aliases=max((size.aliases for size in sizes), default=0),
        directives=max((size.directives for size in sizes), default=0),
        roots=max((size.roots for size in sizes), default=0),
        introspects=any(size.introspects for size in sizes),
        is_recursive=scale.is_recursive,
    )
    _at_most("depth", whole.depth, DEEPEST_SELECTION)
    _at_most("root fields", whole.roots, MOST_ROOT_FIELDS)
    _at_most("aliases", whole.aliases, MOST_ALIASES)
    _at_most("directives", whole.directives, MOST_DIRECTIVES)
    _at_most("fields", whole.fields, MOST_FIELDS)
    for each in operations if not whole.is_recursive else ():
        _check_repeats([each.selection_set], fragments)
    return whole


def _check_repeats(merged: list[SelectionSetNode], fragments: dict[str, FragmentDefinitionNode]) -> None:
    """Raise LimitExceeded when a field is repeated too often, in selection sets that GraphQL merges into one."""
    asked: dict[str, int] = {}
    below: dict[str, list[SelectionSetNode]] = {}
    waiting, spread = list(merged), set[str]()
    while waiting:
        for selection in waiting.pop().selections:
            if isinstance(selection, FieldNode):
                key = (selection.alias or selection.name).value
                asked[key] = asked.get(key, 0) + 1
                _at_most("repeated fields", asked[key], MOST_REPEATS)
                if selection.selection_set is not None:
                    below.setdefault(key, []).append(selection.selection_set)
            elif isinstance(selection, InlineFragmentNode):
                waiting.append(selection.selection_set)
            elif isinstance(selection, FragmentSpreadNode):
                name = selection.name.value
                if name in fragments and name not in spread:
                    spread.add(name)
                    waiting.append(fragments[name].selection_set)
    for selections in below.values():
        _check_repeats(selections, fragments)


def _at_most(limit: str, found: int, maximum: int) -> None:
    if found > maximum:
        raise LimitExceeded(limit, maximum)


class _Scale:
    """Sizes selection sets, each fragment once."""

    def __init__(self, fragments: dict[str, FragmentDefinitionNode]) -> None:
        self.is_recursive = False
        self._fragments = fragments
        self._sized: dict[str, Size] = {}
        self._begun: set[str] = set()

    def size(self, selections: SelectionSetNode, directives: int, level: int) -> Size:
        if level > DEEPEST_SELECTION * 2:  # inline fragments nest without a field of their own
            raise LimitExceeded("depth", DEEPEST_SELECTION)
        depth = fields = aliases = roots = 0
        introspects = False
        for selection in selections.selections:
            directives += len(selection.directives or ())
            if isinstance(selection, FieldNode):
                name = selection.name.value
                fields += 1
                roots += 1
                aliases += selection.alias is not None
                introspects = introspects or name in INTROSPECTION or name == "_service"
                below = self._below(selection.selection_set, level)
                depth = max(depth, below.depth + 1)
            elif isinstance(selection, FragmentSpreadNode):
                below = self._spread(selection.name.value, level)
                depth, roots = max(depth, below.depth), roots + below.roots
            else:
                below = self._below(getattr(selection, "selection_set", None), level)
                depth, roots = max(depth, below.depth), roots + below.roots
            fields += below.fields
            aliases += below.aliases
            directives += below.directives
            introspects = introspects or below.introspects
        return Size(depth, fields, aliases, directives, roots, introspects)

    def _below(self, selections: SelectionSetNode | None, level: int) -> Size:
        return Size() if selections is None else self.size(selections, 0, level + 1)

    def _spread(self, name: str, level: int) -> Size:
        fragment = self._fragments.get(name)
        if fragment is None:
            return Size()
        if name not in self._sized:
            if name in self._begun:
                self.is_recursive = True
                return Size()
            self._begun.add(name)
            self._sized[name] = self.size(fragment.selection_set, len(fragment.directives or ()), level + 1)
        return self._sized[name]


def check_values(variables: object) -> None:
    """Raise LimitExceeded for variables that are nested too deeply or hold too many values."""
    level: Collection[object] = (variables,)
    counted = 1
    for _ in range(DEEPEST_VALUE + 1):
        holders = [value for value in level if isinstance(value, (dict, list))]
        # Before they are walked: a list in a body of one mebibyte holds half a million.
        counted += sum(map(len, holders))
        if counted > MOST_VALUES:
            raise LimitExceeded("values in variables", MOST_VALUES)
        level = [each for holder in holders for each in (holder.values() if isinstance(holder, dict) else holder)]
        if not level:
            return
    raise LimitExceeded("depth of variables", DEEPEST_VALUE)
