"""Large public answers are compressed; what may hold a secret never is."""

import pytest

from tests.router.servers import Testbed
from tests.router.tokens import token

LARGE = "{ presets(count: 500) { id name } }"


@pytest.mark.parametrize("accepted", ["gzip", "gzip, deflate, br", "br;q=1, gzip;q=0.1", "*"])
async def test_a_large_public_answer_is_compressed(testbed: Testbed, accepted: str) -> None:
    response = await testbed.post(LARGE, headers={"accept-encoding": accepted})
    assert response.headers["content-encoding"] == "gzip"
    assert response.headers["vary"] == "accept-encoding"
    assert len(response.json()["data"]["presets"]) == 500
    assert int(response.headers["content-length"]) < len(response.content) / 2


@pytest.mark.parametrize("accepted", ["", "identity", "br", "gzip;q=0", "gzip;q=0, *"])
async def test_a_client_that_does_not_accept_gzip_gets_none(testbed: Testbed, accepted: str) -> None:
    response = await testbed.post(LARGE, headers={"accept-encoding": accepted})
    assert "content-encoding" not in response.headers
    assert response.headers["vary"] == "accept-encoding"
    assert len(response.json()["data"]["presets"]) == 500


@pytest.mark.parametrize(
    ("query", "is_signed_in"),
    [
        pytest.param(LARGE, True, id="signed in"),
        pytest.param("{ presets { id } }", False, id="small"),
        pytest.param('mutation { take(attributes: "' + "x" * 10_000 + '") }', False, id="mutation"),
        pytest.param('{ measured(id: "' + "x" * 10_000 + '") }', False, id="not public"),
    ],
)
async def test_nothing_else_is_compressed(testbed: Testbed, query: str, is_signed_in: bool) -> None:
    # Made here, and not when the cases are collected: it would be too old at the end of a long run.
    headers = {"authorization": f"Bearer {token()}"} if is_signed_in else {}
    response = await testbed.post(query, headers={"accept-encoding": "gzip", **headers})
    assert "errors" not in response.json()
    assert "content-encoding" not in response.headers
