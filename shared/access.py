"""Declares who may ask for a field: checked here, and written into the schema for the router.

`@authenticated` and `@requiresScopes` are Federation 2 directives, so the router enforces the same words. Rules
that depend on the row (ownership) are checked where the row is read, with `Viewer.owns_or_may`.
"""

from typing import Any, NoReturn

from strawberry.extensions import FieldExtension
from strawberry.federation.schema_directives import Authenticated, RequiresScopes
from strawberry.permission import BasePermission, PermissionExtension

from shared.auth import Viewer
from shared.context import Info
from shared.errors import Forbidden, Unauthenticated


class _SignedIn(BasePermission):
    _schema_directive = Authenticated()

    def has_permission(self, source: Any, info: Info, **kwargs: Any) -> bool:
        return info.context.viewer.is_signed_in

    def on_unauthorized(self) -> NoReturn:
        raise Unauthenticated("Log in first.")


class _Scoped(BasePermission):
    def __init__(self, scope: str) -> None:
        self._scope = scope
        self._schema_directive = RequiresScopes(scopes=[[scope]])  # type: ignore[misc]

    def has_permission(self, source: Any, info: Info, **kwargs: Any) -> bool:
        viewer = info.context.viewer
        if not viewer.is_signed_in:
            raise Unauthenticated("Log in first.")
        return viewer.may(self._scope)

    def on_unauthorized(self) -> NoReturn:
        raise forbidden(self._scope)


class _OwnerOrScoped(BasePermission):
    _schema_directive = Authenticated()

    def __init__(self, scope: str, owner: str) -> None:
        self._scope, self._owner = scope, owner

    def has_permission(self, source: Any, info: Info, **kwargs: Any) -> bool:
        require_owner(info.context.viewer, getattr(source, self._owner), self._scope)
        return True


def signed_in() -> list[FieldExtension]:
    """Open a field to anybody who is logged in: `strawberry.field(extensions=signed_in())`."""
    return [PermissionExtension([_SignedIn()])]


def scoped(scope: str) -> list[FieldExtension]:
    """Open a field to holders of a scope: `strawberry.field(extensions=scoped("orders:read"))`."""
    return [PermissionExtension([_Scoped(scope)])]


def owner_or(scope: str, owner: str = "owner_id") -> list[FieldExtension]:
    """Open a field of a row to the user whom the row's attribute `owner` names, and to holders of a scope."""
    return [PermissionExtension([_OwnerOrScoped(scope, owner)])]


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
