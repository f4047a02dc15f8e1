"""What a resolver may reach during one request: who asks, the database, the loaders and the subgraph's resources."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

import strawberry
from starlette.requests import Request
from starlette.responses import Response

from shared.core.errors import Unauthenticated
from shared.database.database import Database
from shared.runtime import Runtime
from shared.security.auth import Viewer

if TYPE_CHECKING:
    from shared.graph.loaders import Loader

L = TypeVar("L", bound="Loader[Any, Any]")
R = TypeVar("R")


@dataclass
class Context:
    """One request's surroundings. It holds no session: resolvers run concurrently."""

    runtime: Runtime
    viewer: Viewer
    request: Request | None = None
    response: Response | None = None
    """What the response to a request over HTTP begins with."""
    address: str = ""
    asked: dict[tuple[int, str], bool] = field(default_factory=dict)
    """What `shared.graph.lookahead` has found out about the document."""
    _loaders: dict[type, Any] = field(default_factory=dict)

    @property
    def database(self) -> Database:
        return self.runtime.database

    @property
    def user_id(self) -> str:
        """The id of a caller who is known to be signed in."""
        if self.viewer.id is None:
            raise Unauthenticated("Log in first.")
        return self.viewer.id

    def authenticate_as(self, user_id: str) -> None:
        """Let the rest of this request see what a user may see who has just proved who they are."""
        if self.viewer.id is None:
            self.viewer = Viewer(id=user_id)

    def set_cookie(self, cookie: str) -> None:
        """Send a `Set-Cookie` header with the response."""
        if self.response is not None:
            self.response.headers.append("set-cookie", cookie)

    def loader(self, kind: type[L]) -> L:
        """Return this request's loader of a kind, made on first use: `context.loader(LinesByOrder)`."""
        loader = self._loaders.get(kind)
        if loader is None:
            loader = self._loaders[kind] = kind(self)
        return loader

    def resource(self, kind: type[R]) -> R:
        """Return the subgraph's long-lived resource of a kind (see `Subgraph.resources`)."""
        return self.runtime.resource(kind)

    def clear(self) -> None:
        """Drop all that was loaded, once it was answered.

        Loaders and this hold each other: rows would wait for the garbage collector.
        """
        for loader in self._loaders.values():
            loader.clear()
        self._loaders.clear()

    def for_next_event(self) -> "Context":
        """Return a context for the next event of a subscription: nothing is loaded, so that it sees fresh rows."""
        return Context(self.runtime, self.viewer, address=self.address, asked=self.asked)


Info: TypeAlias = strawberry.Info[Context, None]
