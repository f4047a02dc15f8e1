"""Declares who may ask for a field: checked here, and written into the schema for the router.

`@authenticated` and `@requiresScopes` are Federation 2 directives, so the router enforces the same words. Rules
that depend on the row (ownership) are checked where the row is read, with `Viewer.can_access`; no directive can state
them, so they are declared beside the field with `rule`. `petplus access` reads every rule off again and prints them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import NoReturn

from strawberry.extensions import FieldExtension
from strawberry.federation.schema_directives import Authenticated, RequiresScopes
from strawberry.permission import BasePermission, PermissionExtension

from shared.core.errors import Forbidden, Unauthenticated
from shared.graph.context import Context, Info
from shared.security.auth import Viewer


@dataclass(frozen=True)
class Rule:
    """Who may ask for a field: anybody, unless it says otherwise. Where owner and scope are named, either opens it."""

    signed_in: bool = False
    owner: bool = False
    scope: str | None = None
    remark: str = ""
    # Seconds within which the viewer must have authenticated.
    max_age: int | None = None

    def admits(self, viewer: Viewer, owner_id: str | None) -> bool:
        """Tell whether somebody may ask for a thing of `owner_id`."""
        if not (self.owner or self.scope):
            return viewer.is_signed_in or not self.signed_in
        owns = self.owner and viewer.id is not None and viewer.id == owner_id
        return owns or (self.scope is not None and viewer.has_scope(self.scope))

    def __str__(self) -> str:
        who = " or ".join(["the owner"] * self.owner + [f"`{self.scope}`"] * (self.scope is not None))
        remarks = [self.remark] if self.remark else []
        if self.max_age is not None:
            remarks.append(f"authenticated in the last {self.max_age // 60} minutes")
        return ", ".join([who or ("signed in" if self.signed_in else "anybody"), *remarks])


_RULE = "access"


def rule(
    *, signed_in: bool = False, owner: bool = False, scope: str | None = None, remark: str = ""
) -> dict[str, Rule]:
    """Declare who may ask for what no directive can state, and what the code below checks.

    Of a field `strawberry.field(metadata=rule(owner=True, scope=READ))`, of an entity
    `class Order(RowType[models.Order], access=rule(…))`, of a route `@router.get("/healthz", openapi_extra=ANYBODY)`.
    """
    return {_RULE: Rule(signed_in, owner, scope, remark)}


ANYBODY = rule()
OWN = rule(signed_in=True, remark="for their own things")


def declared_rule(metadata: Mapping[str, object] | None) -> Rule | None:
    """Return the rule that was declared with `rule`, or None."""
    found = metadata.get(_RULE) if metadata else None
    return found if isinstance(found, Rule) else None


class _Permission(BasePermission):
    """A permission that looks at the row and the caller alone."""

    rule: Rule

    def allows(self, source: object, viewer: Viewer) -> bool:
        """Tell whether a caller may see the field of a row."""
        raise NotImplementedError

    def has_permission(self, source: object, info: Info, **kwargs: object) -> bool:
        return self.allows(source, info.context.viewer)


class _Access(PermissionExtension):
    """Checks a rule before the field is resolved."""

    def __init__(self, permission: _Permission) -> None:
        super().__init__([permission])
        self._permission = permission

    def allows(self, source: object, context: Context) -> bool:
        """Tell compiled execution (`strawberry_compiled.Guard`) whether the rule allows access."""
        return self._permission.allows(source, context.viewer)


class _SignedIn(_Permission):
    _schema_directive = Authenticated()
    rule = Rule(signed_in=True)

    def allows(self, source: object, viewer: Viewer) -> bool:
        return viewer.is_signed_in

    def on_unauthorized(self) -> NoReturn:
        raise Unauthenticated("Log in first.")


class _Scoped(_Permission):
    def __init__(self, scope: str) -> None:
        self._scope = scope
        self.rule = Rule(scope=scope)
        self._schema_directive = RequiresScopes(scopes=[[scope]])  # type: ignore[misc]

    def allows(self, source: object, viewer: Viewer) -> bool:
        if not viewer.is_signed_in:
            raise Unauthenticated("Log in first.")
        return viewer.has_scope(self._scope)

    def on_unauthorized(self) -> NoReturn:
        raise forbidden(self._scope)


class _OwnerOrScoped(_Permission):
    _schema_directive = Authenticated()

    def __init__(self, scope: str, owner: str) -> None:
        self._scope, self._owner = scope, owner
        self.rule = Rule(owner=True, scope=scope)

    def allows(self, source: object, viewer: Viewer) -> bool:
        require_owner(viewer, getattr(source, self._owner), self._scope)
        return True


class _Recent(_Permission):
    """That the viewer has authenticated lately; who they must be, a rule beside it says."""

    def __init__(self, max_age: int) -> None:
        self.max_age = max_age

    def allows(self, source: object, viewer: Viewer) -> bool:
        if not viewer.is_signed_in:
            raise Unauthenticated("Log in first.")
        viewer.check_recent(self.max_age)
        return True


# One object for each rule: compiled execution asks equal ones once for a row.
_signed_in = cache(lambda: _Access(_SignedIn()))
_scoped = cache(lambda scope: _Access(_Scoped(scope)))
_owner_or = cache(lambda scope, owner: _Access(_OwnerOrScoped(scope, owner)))


_recent = cache(lambda max_age: _Access(_Recent(max_age)))


def signed_in() -> list[FieldExtension]:
    """Open a field to anybody who is logged in: `strawberry.field(extensions=signed_in())`."""
    return [_signed_in()]


def scoped(scope: str) -> list[FieldExtension]:
    """Open a field to holders of a scope: `strawberry.field(extensions=scoped("orders:read"))`."""
    return [_scoped(scope)]


def owner_or(scope: str, owner: str = "owner_id") -> list[FieldExtension]:
    """Open a field of a row to the user whom the row's attribute `owner` names, and to holders of a scope."""
    return [_owner_or(scope, owner)]


def recent(max_age: int) -> list[FieldExtension]:
    """Demand an authentication within so many seconds, beside another rule: `[*recent(ACCOUNT_AGE), *signed_in()]`."""
    return [_recent(max_age)]


def enforced_max_age(extensions: Iterable[object]) -> int | None:
    """Return within how many seconds a field's extensions demand an authentication, or None."""
    for extension in extensions:
        for permission in extension.permissions if isinstance(extension, PermissionExtension) else ():
            if isinstance(permission, _Recent):
                return permission.max_age
    return None


def enforced_rule(extensions: Iterable[object]) -> Rule | None:
    """Return the rule that a field's extensions enforce, here and at the router, or None where there is none."""
    for extension in extensions:
        for permission in extension.permissions if isinstance(extension, PermissionExtension) else ():
            if isinstance(permission, _Permission) and not isinstance(permission, _Recent):
                return permission.rule
    return None


def forbidden(scope: str) -> Forbidden:
    """Return the error for a caller who lacks `scope`."""
    return Forbidden(f"This needs the scope `{scope}`.")


def require_owner(viewer: Viewer, owner_id: str | None, scope: str) -> None:
    """Raise unless the thing is the viewer's own or a scope opens everybody's."""
    if viewer.can_access(owner_id, scope):
        return
    if not viewer.is_signed_in:
        raise Unauthenticated("Log in first.")
    raise forbidden(scope)
