"""The three requests that all contenders answer, with the same words."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

ORDERS = """
query Orders {
  orders(first: 20) {
    edges {
      node {
        id number status version placedAt
        total { amount currencyCode }
        lines { id title quantity unitPrice { amount currencyCode } total { amount currencyCode } }
        timeline { version status at reason }
      }
    }
    pageInfo { hasNextPage }
  }
}
"""
USERS = """
query Users($representations: [_Any!]!) {
  _entities(representations: $representations) { ... on User { id name email avatarUrl roles createdAt } }
}
"""
DESIGNS = """
query Designs($representations: [_Any!]!) {
  _entities(representations: $representations) {
    ... on User {
      id
      designs(first: 5) {
        edges { node { id name status version createdAt price { amount currencyCode } } }
        pageInfo { hasNextPage }
      }
    }
  }
}
"""
USERS_ASKED = 100
OWNERS_ASKED = 50


@dataclass(frozen=True)
class Request:
    """One request: which subgraph of ours answers it, and its body."""

    name: str
    title: str
    subgraph: str
    body: bytes
    # In the builder's subgraph a user is a stub: contenders that serve all from one schema must not read its row.
    stub: bool = False


def requests(users: Sequence[str], owners: Sequence[str]) -> list[Request]:
    """Return Q1, Q2 and Q3; `users` are ids of users, `owners` of those with designs."""
    return [
        Request("Q1", "20 orders with lines and timeline", "order", _body(ORDERS)),
        Request("Q2", "100 users by _entities", "user", _body(USERS, _representations(users))),
        Request(
            "Q3", "50 users with their first 5 designs", "builder", _body(DESIGNS, _representations(owners)), stub=True
        ),
    ]


def _representations(ids: Sequence[str]) -> list[dict[str, str]]:
    return [{"__typename": "User", "id": each} for each in ids]


def _body(query: str, representations: Any = None) -> bytes:
    variables = {} if representations is None else {"representations": representations}
    return json.dumps({"query": query, "variables": variables}).encode()
