"""Mutations on which both sides can act alike, and what may differ between their answers.

Of a replayed mutation both sides answer what is so already: it ran before, and runs again under the same idempotency
key, with a version that is past, or to no effect. Of the others each side acts on a design of its own, made for it.
Fresh ids and moments then differ, and nothing else: an id of one side stands for the same id of the other throughout.
"""

import datetime as dt
import random
import re
from collections.abc import Mapping
from typing import Any

from graphql import GraphQLInputObjectType, get_nullable_type

from tests.differential.documents import EnumValue, Value
from tests.differential.features import Feature
from tests.differential.values import Pools, Values

DESIGN, KEY = "des_0000000000000000000000twin", "key-of-the-side"
"""Stand in a document for the design, and in its idempotency keys, of the side that executes it."""
OWN = ["designUpdate", "designUpdate", "designDelete", "designDuplicate", "designShare", "designCreate"]
REPLAYED = [
    *["designCreate", "designCreateFromPreset", "designDuplicate", "designShare", "orderNoteAdd"] * 4,
    *["designCreateFromShare", "designUpdate", "designDelete", "experimentStart", "experimentStop", "orderCancel"],
    *["orderHold", "orderRelease", "orderStatusAdvance", "orderRefund", "presetUpdate", "presetArchive"],
    *["profileUpdate", "preferencesUpdate", "userRolesSet", "emailVerify", "experimentAssign"],
]
LEFT_OUT_OF_OWN = {"designs", "orders", "auditTrail", "stats", "cursor", "startCursor", "endCursor", "token", "views"}
"""Fields that count or list what the other side has made, or whose values are sealed."""
CONFIGURATION: Mapping[str, Value] = {
    "product": EnumValue("BOWL"),
    "size": EnumValue("SMALL"),
    "material": EnumValue("CERAMIC"),
    "primaryColor": EnumValue("WHITE"),
}
PAST_VERSIONS = [0, -1, 999_999, 2**31 - 1]
ID = re.compile(r"\b[a-z]{3}_[0-9a-hjkmnp-tv-z]{26}\b")
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
SIGNATURE = re.compile(r"(?<=[?&]signature=)[\w-]+")
RECENT = dt.timedelta(minutes=10)


class MutationValues(Values):
    """Makes inputs of mutations: mostly right ones."""

    def __init__(
        self, rng: random.Random, pools: Pools, features: frozenset[Feature], seed: str, *, is_own: bool
    ) -> None:
        super().__init__(rng, pools, features)
        self._seed, self._is_own = seed, is_own

    def value(self, kind: Any, name: str, owner: str) -> Value:
        inner, rng = get_nullable_type(kind), self.rng
        if name == "version" and rng.random() < 0.95:
            return rng.choice([1, 1, 1, 2, 3, *PAST_VERSIONS[:2]] if self._is_own else PAST_VERSIONS)
        if name == "id" and self._is_own and rng.random() < 0.9:
            return DESIGN
        if str(inner) == "DesignConfigInput" and rng.random() < 0.7:
            return {**CONFIGURATION, "primaryColor": EnumValue(rng.choice(["WHITE", "WHITE", "BLACK"]))}
        made = super().value(kind, name, owner)
        if isinstance(inner, GraphQLInputObjectType) and "idempotencyKey" in inner.fields and isinstance(made, dict):
            made["idempotencyKey"] = f"{KEY if self._is_own else self._seed} {rng.choice('aab')}"
        return made


def aligned(expected: Any, actual: Any, known: dict[str, str]) -> Any:
    """Return the router's data with fresh ids, moments and signatures as in the reference's; `known` has the ids that
    are paired.
    """
    if isinstance(expected, dict) and isinstance(actual, dict):
        return {name: aligned(expected.get(name), each, known) for name, each in actual.items()}
    if isinstance(expected, list) and isinstance(actual, list) and len(expected) == len(actual):
        return [aligned(*pair, known) for pair in zip(expected, actual, strict=True)]
    if not (isinstance(expected, str) and isinstance(actual, str)) or expected == actual:
        return actual
    if MOMENT.fullmatch(expected) and MOMENT.fullmatch(actual) and _is_recent(expected) and _is_recent(actual):
        return expected
    ids = ID.findall(expected), ID.findall(actual)
    if len(ids[0]) == len(ids[1]):
        for one, other in zip(*ids, strict=True):
            if other not in known and one not in known.values():
                known[other] = one
    if ids[0] != ids[1] and (signature := SIGNATURE.search(expected)):
        actual = SIGNATURE.sub(signature[0], actual)  # of a URL with the id
    return ID.sub(lambda found: known.get(found[0], found[0]), actual)


def _is_recent(moment: str) -> bool:
    return dt.datetime.now(dt.UTC) - dt.datetime.fromisoformat(moment) < RECENT
