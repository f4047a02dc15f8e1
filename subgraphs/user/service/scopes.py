"""What the holders of a role may do: roles are what people have, scopes are what fields ask for."""

from collections.abc import Sequence

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


def scopes_of(roles: Sequence[str]) -> frozenset[str]:
    """Return what the holders of some roles may do."""
    return frozenset().union(*[SCOPES_OF_ROLE.get(role, frozenset()) for role in roles])
