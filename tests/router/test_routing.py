"""Queries over several subgraphs: what is forwarded, and what clients see of a failing one."""

import json

import pytest

from tests.router.conftest import SHORT_TIMEOUT_MS
from tests.router.servers import Testbed
from tests.router.tokens import token
from tests.router.toy.app import INVALID_RESPONSES

INTERNALS = ("127.0.0.1", "http", "ECONNREFUSED", "hunter2", "Traceback", "timeout", "stack", "fetch")


async def test_one_query_joins_subgraphs(testbed: Testbed) -> None:
    answer = await testbed.execute("{ me { name orders { id customer { name } design { name } } } }")
    order = {"id": "o1", "customer": {"name": "Person u1 ñ🐾"}, "design": {"name": "Design d1"}}
    assert answer == {"data": {"me": {"name": "Person u1 ñ🐾", "orders": [order]}}}


async def test_identity_and_trace_reach_the_subgraphs(testbed: Testbed) -> None:
    sent = {
        "authorization": f"Bearer {token()}",
        "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "x-request-id": "request-1",
    }
    response = await testbed.post("{ me { headers } }", headers={**sent, "x-secret": "stays outside"})
    assert response.json()["data"]["me"]["headers"] == [f"{name}: {value}" for name, value in sent.items()]
    assert response.headers["x-request-id"] == "request-1"


@pytest.mark.parametrize("sent", [{}, {"x-request-id": "two words"}, {"x-request-id": "x" * 129}])
async def test_a_request_without_a_usable_id_gets_one(testbed: Testbed, sent: dict[str, str]) -> None:
    response = await testbed.post("{ me { headers } }", headers=sent)
    made = response.headers["x-request-id"]
    assert len(made) == 36
    assert response.json()["data"]["me"]["headers"] == [f"x-request-id: {made}"]


@pytest.mark.parametrize(
    ("service", "field"),
    [("webhook", "deliveries"), ("analytics", "experiments"), ("audit", "trail")],
    ids=["garbage", "silence", "nobody"],
)
async def test_a_failing_subgraph_costs_only_its_own_fields(impatient: Testbed, service: str, field: str) -> None:
    response = await impatient.post(f"{{ me {{ id name {field} orders {{ id }} }} }}")
    assert response.status_code == 200
    answer = response.json()
    assert answer["data"] == {"me": {"id": "u1", "name": "Person u1 ñ🐾", field: None, "orders": [{"id": "o1"}]}}
    assert answer["errors"] == [
        {
            "message": f"The {service} service is unavailable.",
            "path": ["me", field],
            "extensions": {"code": "SUBGRAPH_UNAVAILABLE", "service": service},
        }
    ]
    assert not [word for word in INTERNALS if word in json.dumps(answer["errors"])]


@pytest.mark.parametrize("number", range(len(INVALID_RESPONSES)), ids=INVALID_RESPONSES)
async def test_a_subgraph_without_a_valid_response_is_unavailable_at_each_field(testbed: Testbed, number: int) -> None:
    query = "{ me { name deliveries again: deliveries } }"
    answer = (await testbed.post(query, headers={"traceparent": str(number)})).json()
    assert answer["data"] == {"me": {"name": "Person u1 ñ🐾", "deliveries": None, "again": None}}
    codes = [(error["extensions"]["code"], error["path"]) for error in answer["errors"]]
    assert codes == [("SUBGRAPH_UNAVAILABLE", ["me", name]) for name in ("deliveries", "again")]
    if "webhookHealth" not in INVALID_RESPONSES[number]:
        answer = (await testbed.post("{ webhookHealth }", headers={"traceparent": str(number)})).json()
        assert answer["data"] == {"webhookHealth": None}
        assert [error["extensions"]["code"] for error in answer["errors"]] == ["SUBGRAPH_UNAVAILABLE"]


async def test_a_silent_subgraph_is_given_up_at_its_time_out(impatient: Testbed) -> None:
    # The stand-in never answers, so whatever comes, comes from giving up.
    response = await impatient.post("{ me { experiments } }")
    assert response.elapsed.total_seconds() * 1000 >= SHORT_TIMEOUT_MS


async def test_a_stopped_subgraph_returns(testbed: Testbed) -> None:
    testbed.kill("order")
    try:
        down = await testbed.execute("{ me { name orders { id } } }")
    finally:
        testbed.start_toy("order")
    assert down["data"] == {"me": {"name": "Person u1 ñ🐾", "orders": None}}
    assert [error["extensions"] for error in down["errors"]] == [{"code": "SUBGRAPH_UNAVAILABLE", "service": "order"}]
    assert await testbed.execute("{ me { orders { id } } }") == {"data": {"me": {"orders": [{"id": "o1"}]}}}


async def test_what_a_subgraph_states_reaches_the_client(testbed: Testbed) -> None:
    answer = await testbed.execute("{ forbidden me { id } }")
    assert answer["data"] == {"forbidden": None, "me": {"id": "u1"}}
    assert answer["errors"] == [
        {"message": "You may not see this order.", "path": ["forbidden"], "extensions": {"code": "FORBIDDEN"}}
    ]


async def test_the_log_tells_why_a_subgraph_is_unavailable(impatient: Testbed) -> None:
    before = len(impatient.log.read_text().splitlines())
    await impatient.execute("{ me { deliveries experiments trail } }")
    lines = [json.loads(line) for line in impatient.log.read_text().splitlines()[before:]]
    assert {line["service"]: line["reason"] for line in lines} == {
        "webhook": "HTTP_500",
        "analytics": "TIMEOUT",
        "audit": "ECONNREFUSED",
    }


async def test_every_logged_line_is_json_without_the_answer_of_the_subgraph(testbed: Testbed) -> None:
    await testbed.execute("{ me { deliveries } }")
    lines = testbed.log.read_text().splitlines()
    assert {json.loads(line)["level"] for line in lines} <= {"error", "warn"}
    assert "hunter2" not in testbed.log.read_text()
