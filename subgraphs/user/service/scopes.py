"""What a session may do: roles are what people have, scopes are what fields ask for."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

from subgraphs.user.enums import Role
from subgraphs.user.service.authentication import MULTIPLE_FACTORS

SCOPES_OF_ROLE: dict[str, frozenset[str]] = {
    "CUSTOMER": frozenset(),
    "SUPPORT": frozenset(
        {"orders:read", "orders:write", "users:read", "designs:read", "analytics:read", "webhooks:read", "audit:read"}
    ),
}
SCOPES_OF_ROLE["ADMIN"] = SCOPES_OF_ROLE["SUPPORT"] | {
    "users:write",
    "designs:write",
    "analytics:write",
    "webhooks:write",
}


class Grant(NamedTuple):
    """What a session gets of its user's roles; `second_factor_required` tells whether more needs a second factor."""

    roles: Sequence[str]
    scopes: frozenset[str]
    second_factor_required: bool


def grant_of(roles: Sequence[str], methods: Collection[str], *, is_production: bool) -> Grant:
    """Return what a session whose owner has authenticated by some methods gets of its user's roles.

    In production, scopes need two factors; a session without is a customer's, in which a factor can be enrolled.
    """
    scopes: frozenset[str] = frozenset().union(*[SCOPES_OF_ROLE.get(role, frozenset()) for role in roles])
    if not scopes or not is_production or MULTIPLE_FACTORS in methods:
        return Grant(roles, scopes, second_factor_required=False)
    return Grant([Role.CUSTOMER.value], frozenset(), second_factor_required=True)
