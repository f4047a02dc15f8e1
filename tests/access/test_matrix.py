"""Who sees and changes what: every field and root operation, for every kind of caller, on every way into a shop.

The owner is a customer who has one of everything; all is asked about their things, at the router, at each subgraph and
through `_entities`. What a caller sees must be what the policy (`petplus access`) lets them see: no more, and no less
than others see at the same place.
"""

import dataclasses
import json
from typing import Any

import pytest

from petplus import registry
from petplus.generated.access_page import Policy, policy
from shared.core.ids import new_id
from shared.graph.access import Rule
from tests.access.fixtures import OUTDATED, SOCKET, Caller, Scenario
from tests.access.guest_tokens import bad_passes
from tests.access.mutation_cases import LAST, REFUSALS, mutations, outcome, table_digests
from tests.access.query_cases import EMPTY, Operation, graph, owned, questions, readable
from tests.access.requests import Judge, Sight, root_operation
from tests.access.route_cases import cases
from tests.support.proofs import without_proofs

PLACES = [None, *registry.NAMES]
# Each caller has their own: only the owner's can be compared.
OWN = {"me", "designs"}


@pytest.fixture(scope="module")
def rules() -> Policy:
    return policy()


async def look(scenario: Scenario, judge: Judge, operation: Operation, caller: Caller) -> Sight:
    status, answer = await scenario.ask(operation.subgraph, operation.query, caller.token, operation.variables)
    assert status == 200, (operation.about, caller.name, answer)
    if operation.about in OWN:
        judge = dataclasses.replace(judge, owner_id=caller.viewer.id or "")
    if operation.variables:
        # One thing was asked for: it is looked through as if it were the answer.
        [thing] = answer["data"]["_entities"]
        errors = [error | {"path": error.get("path", [])[2:]} for error in answer.get("errors", ())]
        answer = {"data": thing, "errors": errors}
    return judge.look(answer, operation.parent, caller.viewer)


def gate(judge: Judge, operation: Operation, caller: Caller, *, is_owned: bool) -> bool:
    """Tell whether a caller may see an entity that was asked for by reference; stubs know nothing but the id."""
    rule = judge.policy.entities[operation.parent]
    return not is_owned or rule.admits(caller.viewer, judge.owner_id)


@pytest.mark.parametrize("subgraph", PLACES, ids=lambda name: name or "router")
async def test_each_caller_sees_what_the_policy_says(scenario: Scenario, rules: Policy, subgraph: str | None) -> None:
    await scenario.be_forgotten()
    judge = Judge(rules, graph(subgraph), scenario.owner_id)
    wrong = []
    shown: set[str] = set()
    for operation in questions(scenario, rules, subgraph):
        sights = {name: await look(scenario, judge, operation, caller) for name, caller in scenario.callers.items()}
        compared = [sights["owner"]] if operation.about in OWN else sights.values()
        known = {place: way for sight in compared for place, way in sight.seen.items()}
        for name, caller in scenario.callers.items():
            wrong += [f"{operation.about} as {name}: {each}" for each in sights[name].wrong]
            if operation.about in OWN and name != "owner":
                continue
            admitted = True
            if operation.variables and subgraph:
                stub = operation.parent not in owned(subgraph)
                admitted = gate(judge, operation, caller, is_owned=not stub)
                if not admitted and sights[name].seen:
                    wrong.append(f"{operation.about} as {name}: is shown")
            for place, way in known.items():
                may = admitted and all(judge.admits(caller.viewer, step, kind, rows=True) for step, kind in way)
                if may and place not in sights[name].seen:
                    wrong.append(f"{operation.about} as {name}: {'.'.join(place)} is withheld")
        shown |= {coordinate for way in known.values() for coordinate, _ in way}
        if not known:
            wrong.append(f"{operation.about}: nobody sees anything")
    assert wrong == []
    if subgraph is None:
        assert readable(judge.schema) - shown <= EMPTY
        assert EMPTY & set(rules.fields) == set()


@pytest.mark.parametrize("subgraph", PLACES, ids=lambda name: name or "router")
async def test_a_bad_token_is_refused_whole(scenario: Scenario, rules: Policy, subgraph: str | None) -> None:
    operations = list(questions(scenario, rules, subgraph))
    wrong = []
    for name, token in scenario.refused.items():
        # Each way to forge is tried at each place; for the rest one forgery stands for all.
        for operation in operations if name in {"expired", "forged", "revoked"} else operations[:1]:
            status, answer = await scenario.ask(subgraph, operation.query, token, operation.variables)
            codes = {error["extensions"]["code"] for error in answer.get("errors", [])}
            values = [value for value in (answer.get("data") or {}).values() if value not in (None, [None])]
            is_whole = status == 401 or name in {"revoked", *OUTDATED}
            if codes != {"UNAUTHENTICATED"} or values or not is_whole:
                wrong.append(f"{operation.about} {name}: {status} {codes} {answer.get('data')}")
    assert wrong == []


@pytest.mark.parametrize("subgraph", PLACES, ids=lambda name: name or "router")
async def test_nothing_tells_whether_a_thing_exists(scenario: Scenario, rules: Policy, subgraph: str | None) -> None:
    unknown = {word: new_id(word) for word in scenario.ids}
    there = list(questions(scenario, rules, subgraph))
    known, scenario.ids = scenario.ids, unknown
    nowhere = list(questions(scenario, rules, subgraph))
    scenario.ids = known
    compared = 0
    for one, other in zip(there, nowhere, strict=True):
        shown = {"Preset", "PresetVersion", "Product"}
        public = one.parent in shown or one.about.rpartition(" ")[2] in shown
        if one.about in {"experimentVariant", "experimentVariants", "preset", "product"} or public:
            continue
        if (one.query, one.variables) == (other.query, other.variables):
            continue
        for name in ("anonymous", "stranger"):
            token = scenario.callers[name].token
            first = await scenario.ask(subgraph, one.query, token, one.variables)
            second = await scenario.ask(subgraph, other.query, token, other.variables)
            assert plain(first, known) == plain(second, unknown), (one.about, name)
            compared += 1
    assert compared >= 2


def plain(answer: tuple[int, Any], ids: dict[str, str]) -> str:
    """Return an answer without the ids that were asked for, and without what depends on the request.

    Errors are sorted: in which order parts of an answer are done is left to chance.
    """
    status, body = answer
    text = f"{status} {without_proofs(body.get('data'))} {sorted(map(str, body.get('errors', [])))}"
    for word, each in ids.items():
        text = text.replace(each, word)
    return text


async def test_nobody_else_reads_what_is_private(scenario: Scenario, rules: Policy) -> None:
    hidden = [scenario.owner_id, *scenario.facts["private"]]
    for name in ("anonymous", "stranger"):
        for about in ("me", "designs", "allDesigns", "orders", "users", "auditEntries", "events", "webhookDeliveries"):
            [operation] = [each for each in questions(scenario, rules, None) if each.about == about]
            _, answer = await scenario.ask(None, operation.query, scenario.callers[name].token)
            assert [word for word in hidden if word in str(answer)] == [], (name, about)
    [mine] = [each for each in questions(scenario, rules, None) if each.about == "me"]
    _, answer = await scenario.ask(None, mine.query, scenario.callers["owner"].token)
    assert [word for word in hidden if word in str(answer)][:2] == hidden[:2]


async def test_a_guest_is_shown_an_order_without_the_designs_in_it(scenario: Scenario) -> None:
    await scenario.be_forgotten()
    asked = f'number: "{scenario.facts["number"]}", email: "{scenario.facts["email"]}"'
    query = f"{{ orderLookup({asked}) {{ number lines {{ title previewUrl design {{ id name }} }} }} }}"
    for caller in (scenario.callers["anonymous"], scenario.callers["stranger"]):
        status, answer = await scenario.ask(None, query, caller.token)
        found = answer["data"]["orderLookup"]
        assert (status, found["number"]) == (200, scenario.facts["number"])
        assert all(line["title"] and line["design"] is None for line in found["lines"])
        assert any(line["previewUrl"] for line in found["lines"])
        assert "errors" not in answer
    _, answer = await scenario.ask(None, query, scenario.callers["owner"].token)
    assert [line["design"]["id"] for line in answer["data"]["orderLookup"]["lines"] if line["design"]]
    assert "errors" not in answer


STREAMS = [
    ("order", "orderStatusChanged"),
    ("order", "orderFeed"),
    ("order", "myOrderFeed"),
    ("order", "orderUpdated"),
    ("webhook", "webhookFeed"),
    ("analytics", "exportProgress"),
]


WAYS = [None, SOCKET, "subgraph"]


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way or "router")
@pytest.mark.parametrize(("subgraph", "name"), STREAMS)
async def test_streams_tell_whom_the_policy_admits(
    scenario: Scenario, rules: Policy, subgraph: str, name: str, way: str | None
) -> None:
    place = subgraph if way == "subgraph" else way
    schema = graph(subgraph if way == "subgraph" else None)
    assert schema.subscription_type is not None
    definition = schema.subscription_type.fields[name]
    given = {
        "orderStatusChanged": f'orderId: "{scenario.ids["ord"]}", afterVersion: 0',
        "orderFeed": f'afterCursor: "{scenario.facts["orderFeed"]}"',
        "myOrderFeed": "",
        "orderUpdated": f'orderId: "{scenario.ids["ord"]}", afterCursor: "{scenario.facts["orderFeed"]}"',
        "webhookFeed": f'afterCursor: "{scenario.facts["webhookFeed"]}"',
        "exportProgress": f'id: "{scenario.ids["xpt"]}"',
    }
    query = root_operation(rules, "subscription", name, definition, given[name])
    judge = Judge(rules, schema, scenario.owner_id)
    rule = rules.roots[f"Subscription.{name}"]
    for caller in scenario.callers.values():
        answer = await scenario.first(place, query, caller.token)
        if rule.admits(caller.viewer, scenario.owner_id):
            assert answer["data"][name] is not None, (caller.name, answer)
            assert judge.look(answer, "Subscription", caller.viewer).wrong == [], caller.name
        else:
            assert not (answer.get("data") or {}).get(name), caller.name
            [code] = {error["extensions"]["code"] for error in answer["errors"]}
            hidden = "NOT_FOUND" if rule.owner else "FORBIDDEN"
            assert code == (hidden if caller.token else "UNAUTHENTICATED"), caller.name
    for about, token in scenario.refused.items():
        answer = await scenario.first(place, query, token)
        assert [error["extensions"]["code"] for error in answer["errors"]] == ["UNAUTHENTICATED"], about
        assert not (answer.get("data") or {}).get(name), about


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way or "router")
async def test_a_pass_opens_the_order_it_is_for_and_no_other(
    scenario: Scenario, rules: Policy, way: str | None
) -> None:
    place = "order" if way == "subgraph" else way
    schema, name = graph("order" if way == "subgraph" else None), "orderStatusChanged"
    # What has no rule of its own may be seen of the order, and nothing else.
    roots = {**rules.roots, f"Subscription.{name}": Rule()}
    admitted = dataclasses.replace(rules, roots=roots, entities={**rules.entities, "Order": Rule()})
    assert schema.subscription_type is not None
    definition = schema.subscription_type.fields[name]

    async def follow(order_id: str, given: str, token: str | None) -> Any:
        asked = f'orderId: "{order_id}", afterVersion: 0, trackingToken: "{given}"'
        query = root_operation(admitted, "subscription", name, definition, asked)
        return await scenario.first(place, query, token)

    def refusal(answer: Any) -> tuple[str, str]:
        assert not (answer.get("data") or {}).get(name), answer
        [error] = answer["errors"]
        return error["extensions"]["code"], error["message"]

    good, mine = scenario.facts["pass"], scenario.ids["ord"]
    for caller in (scenario.callers["anonymous"], scenario.callers["stranger"]):
        answer = await follow(mine, good, caller.token)
        assert answer["data"][name]["order"]["number"] == scenario.facts["number"], (caller.name, answer)
        assert Judge(admitted, schema, scenario.owner_id).look(answer, "Subscription", caller.viewer).wrong == []
        hidden = {scenario.owner_id, scenario.facts["email"], *scenario.facts["private"]} - {scenario.facts["number"]}
        assert [word for word in hidden if word in str(answer)] == [], caller.name
        others = {
            refusal(await follow(each, good, caller.token)) for each in (scenario.facts["other order"], new_id("ord"))
        }
        assert [code for code, _ in others] == ["NOT_FOUND"], caller.name
        for about, given in bad_passes(scenario).items():
            assert refusal(await follow(mine, given, caller.token))[0] == "UNAUTHENTICATED", (about, caller.name)
    for about, token in scenario.refused.items():
        assert refusal(await follow(mine, good, token))[0] == "UNAUTHENTICATED", about


def steady(value: Any) -> Any:
    """Return data without the cursors of deltas, which name the newest transaction of the database."""
    if isinstance(value, dict):
        return {key: steady(each) for key, each in value.items() if key != "cursor" or "removedIds" not in value}
    return [steady(each) for each in value] if isinstance(value, list) else value


async def test_the_socket_shows_what_the_router_shows(scenario: Scenario, rules: Policy) -> None:
    asked = {"me", "user", "order", "design", "orders", "auditEntries"}
    for operation in questions(scenario, rules, None):
        for caller in scenario.callers.values() if operation.about in asked else ():
            _, answer = await scenario.ask(None, operation.query, caller.token)
            reported = await scenario.first(SOCKET, operation.query, caller.token)
            assert steady(reported.get("data")) == steady(answer.get("data")), operation.about
            assert reported.get("errors") == answer.get("errors"), operation.about
        for about, token in scenario.refused.items() if operation.about == "order" else ():
            reported = await scenario.first(SOCKET, operation.query, token)
            assert {error["extensions"]["code"] for error in reported["errors"]} == {"UNAUTHENTICATED"}, about
            assert not (reported.get("data") or {}).get("order"), about


async def test_who_may_see_what_is_beside_the_graph(scenario: Scenario, rules: Policy) -> None:
    planned = list(cases(scenario, rules))
    assert {each.route for each in planned} == set(rules.routes)
    before = await table_digests(scenario)
    refused = [(each, *await each.pay(scenario)) for each in planned if each.is_refused]
    after = await table_digests(scenario)
    # A forged delivery is noted, and has no effect.
    assert {table for table in after if after[table] != before[table]} == {"webhook.webhook_log"}
    answered = [(each, *await each.pay(scenario)) for each in planned if not each.is_refused]
    assert [wrong for _, _, wrong in (*refused, *answered) if wrong] == []
    assert (len(refused) > 30, len(answered) > 20) == (True, True)
    private = [scenario.owner_id, *scenario.facts["private"]]
    assert [(each, word) for each, text, _ in (*refused, *answered) for word in private if word in text] == []
    [keys] = [json.loads(text)["keys"] for each, text, _ in answered if "jwks" in each.route]
    assert keys
    assert {name for key in keys for name in key} <= {"kty", "crv", "x", "y", "kid", "alg", "use"}


async def test_the_router_answers_nothing_that_is_beside_the_graph(scenario: Scenario, rules: Policy) -> None:
    answered = set()
    for route in rules.routes:
        method, _, path = route.partition(" ")
        for token in (None, scenario.callers["admin"].token):
            headers = {"authorization": f"Bearer {token}"} if token else {}
            url = scenario.shop.url.removesuffix("/graphql") + path
            response = await scenario.client.request(method, url, headers=headers)
            if response.status_code != 404:
                answered.add((route, response.status_code))
    assert answered == {("GET /healthz", 200), ("GET /ready", 200)}


def test_every_stream_is_asked(rules: Policy) -> None:
    assert {f"Subscription.{name}" for _, name in STREAMS} == {
        name for name in rules.roots if name.startswith("Subscription.")
    }


@pytest.mark.parametrize("is_direct", [False, True], ids=["router", "subgraph"])
async def test_who_may_not_change_something_changes_nothing(scenario: Scenario, rules: Policy, is_direct: bool) -> None:
    before = await table_digests(scenario)
    assert len(before) > 40
    wrong, refused = [], 0
    for place in registry.NAMES if is_direct else (None,):
        for name, query in mutations(scenario, place):
            for caller in scenario.callers.values():
                if rules.roots[f"Mutation.{name}"].admits(caller.viewer, scenario.owner_id):
                    continue
                refused += 1
                code = outcome(name, (await scenario.ask(place, query, caller.token))[1])
                rule = rules.roots[f"Mutation.{name}"]
                hidden = {"NOT_FOUND", "FORBIDDEN"} if rule.owner else {"FORBIDDEN"}
                if code not in (hidden if caller.token else {"UNAUTHENTICATED"}):
                    wrong.append(f"{name} as {caller.name}: {code}")
            for about in ("expired", "forged", "revoked", *OUTDATED):
                code = outcome(name, (await scenario.ask(place, query, scenario.refused[about]))[1])
                if code != "UNAUTHENTICATED":
                    wrong.append(f"{name} {about}: {code}")
    assert (wrong, refused > 80) == ([], True)
    after = await table_digests(scenario)
    assert [table for table in after if after[table] != before[table]] == []


async def test_who_may_change_something_is_not_refused(scenario: Scenario, rules: Policy) -> None:
    """Last, for it changes things: what refused the others was who they are, and not what they sent."""
    wrong, done = [], 0
    for name, query in sorted(
        mutations(scenario, None), key=lambda each: LAST.index(each[0]) if each[0] in LAST else -1
    ):
        rule = rules.roots[f"Mutation.{name}"]
        if not (rule.owner or rule.scope or rule.signed_in):
            continue
        by = "owner" if (rule.owner or rule.signed_in) and rule.scope != "users:write" else "admin"
        code = outcome(name, (await scenario.ask(None, query, scenario.callers[by].token))[1])
        done += code is None
        if code in REFUSALS:
            wrong.append(f"{name} as {by}: {code}")
    assert (wrong, done > 12) == ([], True)
