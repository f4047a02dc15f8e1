"""Stand-ins for user and builder: the entities that other toys point at."""

import itertools
import time
from typing import Annotated, TypeAlias

import strawberry
from graphql import GraphQLError
from starlette.requests import Request
from strawberry.federation import Schema
from strawberry.types import Info

from shared.core.settings import Settings
from shared.security.request_signature import PURPOSE, RequestNotSigned, RequestSignatures, SignedRequest

asked: list[str] = []


def _headers(info: Info[dict[str, object], None]) -> list[str]:
    request = info.context["request"]
    names = ("authorization", "traceparent", "x-request-id")
    return [f"{name}: {request.headers[name]}" for name in names if name in request.headers]  # type: ignore[attr-defined]


async def _signed(info: Info[dict[str, object], None]) -> SignedRequest | None:
    """Return what the router has signed, or None where nothing proves it."""
    request = info.context["request"]
    assert isinstance(request, Request)
    signatures = RequestSignatures(Settings().router_keys(PURPOSE), "user", required=True)
    path = request.url.path.encode()
    try:
        return signatures.verify(request.scope["headers"], path, await request.body(), time.time())
    except RequestNotSigned:
        return None


@strawberry.federation.type(keys=["id"], tags=["id/usr"], description="A person.")
class User:
    id: strawberry.ID
    name: str | None

    @strawberry.field(description="The headers that reached the subgraph.")
    def headers(self, info: Info[dict[str, object], None]) -> list[str]:
        return _headers(info)

    @strawberry.federation.field(description="For whoever is signed in.", authenticated=True)
    def email(self) -> str | None:
        asked.append("email")
        return "u1@allpetplus.example"

    @strawberry.federation.field(description="For the payroll.", requires_scopes=[["payroll:read"]])
    def salary(self) -> int | None:
        asked.append("salary")
        return 42

    @strawberry.field(description="The client's address as the router signed it, or nothing that proves it.")
    async def signed_address(self, info: Info[dict[str, object], None]) -> str | None:
        signed = await _signed(info)
        return None if signed is None else signed.address

    @strawberry.field(description="The seconds that the request may wait, as the router signed them.")
    async def signed_wait(self, info: Info[dict[str, object], None]) -> float | None:
        signed = await _signed(info)
        return None if signed is None else signed.wait_seconds

    @strawberry.field(description="Which protected fields were asked for here.")
    def asked(self) -> list[str]:
        return asked

    @classmethod
    def resolve_reference(cls, id: strawberry.ID) -> "User":
        if id.endswith("403"):
            raise GraphQLError("Not this one.", extensions={"code": "FORBIDDEN"})
        return cls(id=id, name=f"Person {id} ñ🐾")


@strawberry.type(name="Query")
class UserQuery:
    @strawberry.field(description="The caller.")
    def me(self) -> User | None:
        return User.resolve_reference(strawberry.ID("u1"))


@strawberry.federation.type(
    keys=["id"], tags=["id/des"], description="A design: there is none whose id ends with 404, and with 500 it fails."
)
class Design:
    id: strawberry.ID
    name: str | None
    code: str = "D"

    @classmethod
    def resolve_reference(cls, id: strawberry.ID) -> "Design | None":
        if id.endswith("500"):
            raise GraphQLError("The design cannot be read.", extensions={"code": "BROKEN"})
        return None if id.endswith("404") else cls(id=id, name=f"Design {id}")


@strawberry.federation.type(keys=["id"], description="Something to start from.")
class Preset:
    id: strawberry.ID
    name: str

    @strawberry.field(description="A design made of it.")
    def example(self) -> Design | None:
        return Design.resolve_reference(strawberry.ID("d1"))


@strawberry.type(description="A price.")
class Quote:
    amount: int


@strawberry.type(description="Why there is no price.")
class Refused:
    message: str


PriceQuoteResult: TypeAlias = Annotated[Quote | Refused, strawberry.union("PriceQuoteResult")]
_answers = itertools.count(1)


@strawberry.type(name="Query")
class BuilderQuery:
    @strawberry.field(description="Presets: each answer has another one.")
    def presets(self, fail: bool = False, count: int = 1) -> list[Preset]:
        if fail:
            raise ValueError("hunter2")
        return [Preset(id=strawberry.ID(f"p{place}"), name=f"Answer {next(_answers)}") for place in range(1, count + 1)]

    @strawberry.field(description="What presets have in common: each answer has another one.")
    def preset_facets(self) -> Quote:
        return Quote(amount=next(_answers))

    @strawberry.field(description="A price: each answer has another one.")
    def price_quote(self, quantity: int = 1) -> PriceQuoteResult:
        return Quote(amount=next(_answers))

    @strawberry.field(description="Refuses, and says when to ask again.")
    def limited(self, seconds: int) -> str | None:
        raise GraphQLError("Too many.", extensions={"code": "RATE_LIMITED", "retryAfter": seconds})

    @strawberry.field(description="One design.")
    def design(self, id: strawberry.ID) -> Design | None:
        return Design.resolve_reference(id)


user_schema = Schema(query=UserQuery, federation_version="2.9")
builder_schema = Schema(query=BuilderQuery, types=[Design], federation_version="2.9")
