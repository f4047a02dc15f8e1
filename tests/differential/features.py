"""What documents may hold, by name: a feature that the router is known to answer wrongly can be left out."""

from enum import Enum


class Feature(Enum):
    """Something that documents may hold."""

    CONDITIONAL_KEYS = "conditional-keys"
    """`@skip` and `@include` on the field `id`, by which entities are found."""
    CONDITIONAL_REPEATS = "conditional-repeats"
    """The same field twice in one selection set, under different conditions."""
    KEY_ALIASES = "key-aliases"
    """Aliases that are called `id` or `__typename`."""
    ENTITY_ERRORS = "entity-errors"
    """Errors at fields of entities below lists: the positions in their paths."""
    NULL_VARIABLES = "null-variables"
    """Variables that are null where an argument is non-null and has a default."""
    TYPE_NAMES = "type-names"
    """Texts that equal a type's name, beside denied fields: `__typename` under an alias that is a field's name."""
    INVALID_SCALARS = "invalid-scalars"
    """Literals and variables whose value is none of their type, and custom scalars at the limits of their grammar."""
    NUMBERS = "numbers"
    """Numbers that lose digits as binary floating-point numbers, or are too large for one."""
    INTROSPECTION = "introspection"
    """`__schema` and `__type` beside data."""
    TYPENAME_FRAGMENTS = "typename-fragments"
    """Inline fragments that select nothing but `__typename`."""
    THEN_ALIASES = "then-aliases"
    """The alias `then`, by which JavaScript takes an object for a promise."""
    HOSTILE_ALIASES = "hostile-aliases"
    """Aliases that mean something in JavaScript, such as `__proto__`."""
    MUTATIONS = "mutations"
    """Mutations, and their payloads."""
    SUBSCRIPTIONS = "subscriptions"
    """Subscriptions: their first events, and refused ones."""
    FAULTS = "faults"
    """Faults of a subgraph: away, late, cut, wrong in one place."""
    OPERATIONS = "operations"
    """Further operations in one document."""


ALL = frozenset(Feature)
ANSWERED = ALL
"""What the router answers as it should. The short run of the test suite holds these; in the end they are all."""


def chosen(only: str | None, without: str | None) -> frozenset[Feature]:
    """Read two lists of names, separated by commas: these alone, or all but those. Raises ValueError for another."""
    features = _named(only) if only else ALL
    return features - _named(without) if without else features


def _named(names: str) -> frozenset[Feature]:
    return frozenset(Feature(name.strip()) for name in names.split(",") if name.strip())
