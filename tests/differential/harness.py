"""The two sides that are compared: the router of a running shop, and the reference on the same data."""

import asyncio
import datetime as dt
import json
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, aclosing, asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import uuid4

import httpx

from petplus.local.node import ROUTER
from shared.core.settings import Settings
from subgraphs.user.demo import DEMO_PASSWORD
from tests.differential.api_schema import read_supergraph
from tests.differential.comparison import Answer, Difference, differences, internal_errors
from tests.differential.documents import Document, json_text
from tests.differential.event_streams import differences_of_events, first_events, router_events
from tests.differential.faults import Fault
from tests.differential.faulty_subgraphs import TRACE, Proxies, faulty_router
from tests.differential.features import ALL, Feature
from tests.differential.mutations import DESIGN, KEY, aligned
from tests.differential.reference import Reference, open_reference
from tests.support.http import http_client
from tests.support.proofs import without_proofs
from tests.support.shop import LOG_IN

TOKEN_SECONDS = 300
"""A demo account logs in again after this long: before its token expires."""
TRIES = 5
TIMES = 2
"""Answers must differ so often, as a design may be made and archived while another document is answered."""
CREATE = """
mutation ($name: String!, $key: String!) {
  designCreate(
    input: {
      name: $name
      config: { product: BOWL, size: SMALL, material: CERAMIC, primaryColor: WHITE }
      idempotencyKey: $key
    }
  ) { ... on DesignCreateSuccess { design { id } } ... on Problem { message } }
}"""
LIMITED = {"LIMIT_EXCEEDED"}


@dataclass
class Outcome:
    """What came of one document."""

    differences: list[Difference] = field(default_factory=list)
    reference: Answer = field(default_factory=Answer)
    router: Answer = field(default_factory=Answer)
    body: Any = None
    left_out: str = ""
    """Why the document was not compared; empty if it was."""

    @property
    def kind(self) -> tuple[frozenset[str], frozenset[str]]:
        """What is different, by kinds, and the router's codes: documents of one fault share it."""
        return frozenset(each.kind for each in self.differences), frozenset(each.code for each in self.router.errors)


class Harness:
    """Sends documents to both sides."""

    def __init__(
        self,
        reference: Reference,
        client: httpx.AsyncClient,
        url: str,
        features: frozenset[Feature] = ALL,
        faulty: tuple[str, Proxies] | None = None,
    ) -> None:
        self._began: dt.datetime | None = None
        self.reference, self._client, self._url, self._faulty = reference, client, url, faulty
        self._positions = Feature.ENTITY_ERRORS in features
        self._tokens: dict[str, tuple[str, float]] = {}
        self._logging_in = asyncio.Lock()

    def of(self, features: frozenset[Feature], url: str | None = None) -> "Harness":
        """Return one for other features, perhaps with another router of this shop, and with the same reference."""
        other = Harness(self.reference, self._client, url or self._url, features, self._faulty)
        other._tokens = self._tokens
        return other

    async def check(self, document: Document) -> Outcome:
        """Compare the answers to a document. Where they differ and the data are changing, it is tried again."""
        if document.has_own_design:
            return await self._check_own(document)
        if document.kind == "subscription":
            return await self._check_events(document)
        if document.kind == "mutation":
            await self.ask(document)
        outcome, times = Outcome(), 0
        for attempt in range(TRIES):
            expected = await self._expected(document)
            actual, body = await self.ask(document)
            if {each.code for each in actual.errors} == LIMITED:
                return Outcome(left_out="too large")
            found = self._differences(expected, actual, document)
            outcome = Outcome(found, expected, actual, body)
            if not found:
                return outcome
            if not self.reference.is_valid(document):
                return Outcome(left_out="not valid")
            if not differences(expected, await self._expected(document)):
                times += 1
            if times == TIMES:
                return outcome
            await asyncio.sleep(0.1 * attempt)
        return Outcome(left_out="its data change")

    def _differences(self, expected: Answer, actual: Answer, document: Document) -> list[Difference]:
        found = differences(expected, actual, positions=self._positions)
        return found if document.fault else found + internal_errors(expected)

    async def _check_own(self, document: Document) -> Outcome:
        """Compare the answers to a mutation of which each side has a design of its own."""
        own = [await self._own(document) for _ in range(2)]
        expected, (actual, body) = await self._expected(own[0]), await self.ask(own[1])
        known = {own[1].stand_ins[DESIGN]: own[0].stand_ins[DESIGN]}
        actual.data = aligned(expected.data, actual.data, known)
        found = self._differences(expected, actual, document)
        if found and not self.reference.is_valid(document):
            return Outcome(left_out="not valid")
        return Outcome(found, expected, actual, body)

    async def _check_events(self, document: Document) -> Outcome:
        """Compare the first events of a subscription."""
        authorization = await self._authorization(document.role)
        outcome = Outcome(left_out="no event")
        for attempt in range(TRIES):
            async with aclosing(self.reference.events(document, authorization)) as events:
                expected = await first_events(events)
            if not expected:
                break
            bodies = await router_events(self._client, self._url, document, authorization, len(expected))
            actual = [Answer.of_body(without_proofs(each)) for each in bodies]
            for each in expected:
                each.data = without_proofs(each.data)
            found = differences_of_events(expected, actual)
            found += [each for answer in expected for each in internal_errors(answer)]
            outcome = Outcome(found, expected[-1], actual[-1] if actual else Answer(), bodies)
            if not found:
                break
            await asyncio.sleep(0.1 * attempt)
        if outcome.differences and not self.reference.is_valid(document):
            return Outcome(left_out="not valid")
        return outcome

    async def _own(self, document: Document) -> Document:
        """Return a document that acts on a new design."""
        key = str(uuid4())
        self._began = self._began or dt.datetime.now(dt.UTC)
        create = {"name": "A design of its own", "key": key}
        created = (await self.data("customer", CREATE, **create))["designCreate"]
        if "design" not in created:  # a customer may have so many, and documents make more and more of them
            await self.reference.forget_designs(self._began)
            created = (await self.data("customer", CREATE, **create))["designCreate"]
        return replace(document, stand_ins={DESIGN: created["design"]["id"], KEY: key})

    async def _expected(self, document: Document) -> Answer:
        authorization = await self._authorization(document.role)
        answer = await self.reference.answer(document, authorization)
        answer.data = without_proofs(answer.data)
        return answer

    async def ask(self, document: Document) -> tuple[Answer, Any]:
        """Return the router's answer, and its body."""
        authorization = await self._authorization(document.role)
        if document.fault:
            body = await self._ask_with_fault(document, document.fault, authorization)
        else:
            body = await self.post(document.body, authorization)
        return Answer.of_body(without_proofs(body)), body

    async def _ask_with_fault(self, document: Document, fault: Fault, authorization: str | None) -> Any:
        assert self._faulty is not None
        url, proxies = self._faulty
        trace = f"00-{uuid4().hex}-{uuid4().hex[:16]}-01"
        proxies.faults[trace] = fault
        headers = {"content-type": "application/json", TRACE.decode(): trace}
        headers |= {"authorization": authorization} if authorization else {}
        try:
            return (await self._client.post(url, content=document.body, headers=headers)).json()
        finally:
            del proxies.faults[trace]

    async def post(self, payload: str, authorization: str | None) -> Any:
        """Send a request to the router; returns the body."""
        headers = {"content-type": "application/json"} | ({"authorization": authorization} if authorization else {})
        response = await self._client.post(self._url, content=payload, headers=headers)
        return response.json()

    async def _authorization(self, role: str) -> str | None:
        if role == "anonymous":
            return None
        async with self._logging_in:
            token, since = self._tokens.get(role, ("", float("-inf")))
            if time.monotonic() - since > TOKEN_SECONDS:
                token = await self._log_in(role)
                self._tokens[role] = token, time.monotonic()
        return f"Bearer {token}"

    async def _log_in(self, role: str) -> str:
        variables = {"email": f"{role}@allpetplus.example", "password": DEMO_PASSWORD}
        body = await self.post(json_text({"query": LOG_IN, "variables": variables}), None)
        return str(body["data"]["sessionCreate"]["accessToken"])

    async def data(self, role: str, query: str, **variables: Any) -> Any:
        """Return the data that the router answers to a query that must succeed."""
        body = await self.post(json_text({"query": query, "variables": variables}), await self._authorization(role))
        assert "errors" not in body, json.dumps(body["errors"])
        return body["data"]


@asynccontextmanager
async def open_harness(settings: Settings, features: frozenset[Feature] = ALL) -> AsyncIterator[Harness]:
    """Connect to a running shop, for the length of the block."""
    supergraph = read_supergraph((ROUTER / "supergraph.graphql").read_text())
    url = f"http://127.0.0.1:{settings.port}/graphql"
    async with AsyncExitStack() as stack:
        reference = await stack.enter_async_context(open_reference(supergraph, settings))
        client = await stack.enter_async_context(http_client())
        has_faults = Feature.FAULTS in features
        faulty = await stack.enter_async_context(faulty_router(settings)) if has_faults else None
        yield Harness(reference, client, url, features, faulty)
