"""Declares who may ask for a field: checked here, and written into the schema for the router.

`@authenticated` and `@requiresScopes` are Federation 2 directives, so the router enforces the same words. Rules
that depend on the row (ownership) are checked where the row is read, with `Viewer.owns_or_may`.
"""

from functools import cache
from typing import Any, NoReturn

from strawberry.extensions import FieldExtension
from strawberry.federation.schema_directives import Authenticated, RequiresScopes
from strawberry.permission import BasePermission, PermissionExtension

from shared.auth import Viewer
from shared.context import Context, Info
from shared.errors import Forbidden, Unauthenticated


class _Rule(BasePermission):
    """A permission that looks at the row and the caller alone."""

    def allows(self, source: Any, viewer: Viewer) -> bool:
        """Tell whether a caller may see the field of a row."""
        raise NotImplementedError

    def has_permission(self, source: Any, info: Info, **kwargs: Any) -> bool:
        return self.allows(source, info.context.viewer)


class _Access(PermissionExtension):
    """Checks a rule before the field is resolved."""

    def __init__(self, rule: _Rule) -> None:
        super().__init__([rule])
        self._rule = rule

    def passes(self, source: Any, context: Context) -> bool:
        """Tell compiled execution (`shared.compiled.Guard`) whether the rule lets the caller pass."""
        return self._rule.allows(source, context.viewer)


class _SignedIn(_Rule):
    _schema_directive = Authenticated()

    def allows(self, source: Any, viewer: Viewer) -> bool:
        return viewer.is_signed_in

    def on_unauthorized(self) -> NoReturn:
        raise Unauthenticated("Log in first.")


class _Scoped(_Rule):
    def __init__(self, scope: str) -> None:
        self._scope = scope
        self._schema_directive = RequiresScopes(scopes=[[scope]])  # type: ignore[misc]

    def allows(self, source: Any, viewer: Viewer) -> bool:
        if not viewer.is_signed_in:
            raise Unauthenticated("Log in first.")
        return viewer.may(self._scope)

    def on_unauthorized(self) -> NoReturn:
        raise forbidden(self._scope)


class _OwnerOrScoped(_Rule):
    _schema_directive = Authenticated()

    def __init__(self, scope: str, owner: str) -> None:
        self._scope, self._owner = scope, owner

    def allows(self, source: Any, viewer: Viewer) -> bool:
        require_owner(viewer, getattr(source, self._owner), self._scope)
        return True


# One object for each rule: compiled execution asks equal ones once for a row.
_signed_in = cache(lambda: _Access(_SignedIn()))
_scoped = cache(lambda scope: _Access(_Scoped(scope)))
_owner_or = cache(lambda scope, owner: _Access(_OwnerOrScoped(scope, owner)))


def signed_in() -> list[FieldExtension]:
    """Open a field to anybody who is logged in: `strawberry.field(extensions=signed_in())`."""
    return [_signed_in()]


def scoped(scope: str) -> list[FieldExtension]:
    """Open a field to holders of a scope: `strawberry.field(extensions=scoped("orders:read"))`."""
    return [_scoped(scope)]


def owner_or(scope: str, owner: str = "owner_id") -> list[FieldExtension]:
    """Open a field of a row to the user whom the row's attribute `owner` names, and to holders of a scope."""
    return [_owner_or(scope, owner)]


def forbidden(scope: str) -> Forbidden:
    """Return the error for a caller who lacks `scope`."""
    return Forbidden(f"This needs the scope `{scope}`.")


def require_owner(viewer: Viewer, owner_id: str | None, scope: str) -> None:
    """Raise unless the thing is the viewer's own or a scope opens everybody's."""
    if viewer.owns_or_may(owner_id, scope):
        return
    if not viewer.is_signed_in:
        raise Unauthenticated("Log in first.")
    raise forbidden(scope)
