"""Sends hostile operations, and looks at what comes back: a code, or data; never a 500 or an internal word."""

import asyncio
import json
from collections import Counter
from collections.abc import Iterable
from typing import Any

import httpx
from graphql import GraphQLSchema, build_client_schema, get_introspection_query

from tests.support.hostile import Case, Hostility

AT_ONCE = 4
INTERNAL = (
    "sqlalchemy", "asyncpg", "graphql-core", "traceback", "site-packages", "node_modules", "/work", "/home", "/root",
    "127.0.0.1", "localhost", "econn", "http://", "internal", "exception", "object at 0x", "nonetype", "__",
)  # fmt: skip


class Sender:
    """Sends hostile requests and looks at what comes back."""

    def __init__(self, client: httpx.AsyncClient, token: str | None) -> None:
        self.client = client
        self.headers = {"authorization": f"Bearer {token}"} if token else {}
        self.faults: list[str] = []
        self.outcomes: Counter[str] = Counter()
        self.succeeded: Counter[str] = Counter()

    async def send_all(self, hostility: Hostility, kind: str, groups: Iterable[list[Case]]) -> None:
        free = asyncio.Semaphore(AT_ONCE)

        async def send(cases: list[Case]) -> None:
            async with free:
                await self._send(hostility, kind, cases)

        await asyncio.gather(*[send(cases) for cases in groups])

    async def _send(self, hostility: Hostility, kind: str, cases: list[Case]) -> None:
        query, variables = hostility.operation(kind, cases)
        content = json.dumps({"query": query, "variables": variables})
        headers = {**self.headers, "content-type": "application/json"}
        response = await self.client.post("/graphql", content=content, headers=headers)
        body = response.json()
        if response.status_code >= 500 or response.status_code not in (200, 400):
            self.faults.append(f"{response.status_code} for {cases}: {response.text[:300]}")
        for error in body.get("errors", []):
            place = (error.get("path") or [""])[0]
            about = cases[int(place[1:])] if place else cases
            code = error.get("extensions", {}).get("code")
            self.outcomes[code] += 1
            if code in (None, "INTERNAL_SERVER_ERROR", "SUBGRAPH_UNAVAILABLE", "SUBGRAPH_ERROR") or is_internal(error):
                self.faults.append(f"{error['message'][:300]} {code} at {error.get('path')} for {about!s:.400}")
        for number, case in enumerate(cases):
            answer = (body.get("data") or {}).get(f"f{number}")
            if isinstance(answer, dict) and kind == "mutation":
                self._note(case, answer)

    def _note(self, case: Case, answer: dict[str, Any]) -> None:
        name = answer["__typename"]
        self.outcomes[name] += 1
        if name.endswith("Success"):
            self.succeeded[case.field] += 1
        elif is_internal(answer):
            self.faults.append(f"{answer} for {case}")


def is_internal(said: Any) -> bool:
    """Tell whether a message holds a word that is none of the client's business."""
    messages = [said[key] for key in said if key.endswith("message")]
    return any(word in message.lower() for message in messages for word in INTERNAL)


async def schema_of(client: httpx.AsyncClient) -> GraphQLSchema:
    """Ask a server for its schema."""
    response = await client.post("/graphql", json={"query": get_introspection_query(descriptions=False)})
    return build_client_schema(response.json()["data"])
