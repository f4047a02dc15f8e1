"""Hosts and origins: the router answers for its own hosts, and pages of no other origin open a WebSocket."""

import json
from collections.abc import Iterator

import pytest
from websockets.asyncio.client import connect
from websockets.datastructures import Headers
from websockets.exceptions import InvalidStatus
from websockets.typing import Origin, Subprotocol

from tests.router.servers import SECRET, Testbed
from tests.router.test_connections import exchange

QUERY = b'{"query":"{ me { id } }"}'
PUBLIC = "https://api.shop.example"
LOCAL = ["127.0.0.1:{port}", "localhost", "LOCALHOST:1", "localhost.", "[::1]:{port}", "[0:0:0:0:0:0:0:1]", "192.0.2.7"]
LOCAL += ["router", "router:8080", "pets.localhost", "2130706433"]
FOREIGN = ["rebound.example", "rebound.example:{port}", "localhost.rebound.example", "127.0.0.1.rebound.example"]
FOREIGN += ["rebound.example.", "xn--lcalhost-54a.example"]
NO_HOSTS = ["me@localhost", "localhost/", "localhost#", "[::1", "[fe80::1%25eth0]", "[::1]x", "a b", ""]
SERVED = ["api.shop.example", "API.Shop.Example", "api.shop.example:443", "api.shop.example:4000", "api.shop.example."]


@pytest.fixture(scope="module")
def public(testbed: Testbed) -> Iterator[Testbed]:
    """A router of production that clients reach by a name."""
    other = Testbed(testbed.supergraph, ports=testbed.ports)
    try:
        other.start_router(
            PETPLUS_ENV="production",
            PETPLUS_SECRET_KEY=SECRET,
            PETPLUS_OPEN_GRAPH="true",
            PETPLUS_PUBLIC_ORIGINS=f"{PUBLIC}, https://graph.shop.example:8443",
            PETPLUS_CORS_ORIGINS="https://shop.example",
        )
        yield other
    finally:
        other.stop()


async def asked(testbed: Testbed, *hosts: str, path: str = "/graphql", version: str = "1.1") -> tuple[int, str | None]:
    """Send a query with some `Host` lines. Returns the status and the code of its refusal."""
    lines = "".join(f"Host: {host.format(port=testbed.port)}\r\n" for host in hosts)
    head = f"POST {path} HTTP/{version}\r\n{lines}Content-Type: application/json\r\nConnection: close\r\n"
    answer = await exchange(testbed, f"{head}Content-Length: {len(QUERY)}\r\n\r\n".encode() + QUERY)
    status, body = int(answer.split(b" ", 2)[1]), answer.partition(b"\r\n\r\n")[2]
    errors = json.loads(body).get("errors") if status != 200 and body.startswith(b"{") else None
    return status, errors and errors[0]["extensions"]["code"]


async def opened(testbed: Testbed, origin: str | None, host: str) -> int:
    """Open a WebSocket as a page of an origin. Returns the status of the handshake, 101 for a socket."""
    url = testbed.url.replace("http", "ws")
    given = Origin(origin.format(port=testbed.port)) if origin is not None else None
    protocols = [Subprotocol("graphql-transport-ws")]
    # The library's own Host line would be a second one: the socket goes to the router's port in any case.
    uri = f"ws://{host.format(port=testbed.port)}/graphql"
    try:
        port = int(url.rsplit(":", 1)[1].removesuffix("/graphql"))
        async with connect(uri, host="127.0.0.1", port=port, origin=given, subprotocols=protocols, proxy=None):
            return 101
    except InvalidStatus as refused:
        return refused.response.status_code


@pytest.mark.parametrize("host", LOCAL)
async def test_development_answers_for_addresses_and_names_that_nobody_can_register(
    testbed: Testbed, host: str
) -> None:
    assert await asked(testbed, host) == (200, None)


@pytest.mark.parametrize("host", FOREIGN)
async def test_a_name_that_was_rebound_to_the_router_is_misdirected(
    testbed: Testbed, public: Testbed, host: str
) -> None:
    for router in (testbed, public):
        assert await asked(router, host) == (421, "MISDIRECTED_REQUEST")
        assert await opened(router, f"http://{host}", host) == 421
        assert await opened(router, None, host) == 421


@pytest.mark.parametrize("host", NO_HOSTS)
async def test_what_is_no_host_is_refused(testbed: Testbed, public: Testbed, host: str) -> None:
    for router in (testbed, public):
        assert (await asked(router, host))[0] == 400


@pytest.mark.parametrize("hosts", [(), ("localhost", "localhost"), ("localhost", "rebound.example")])
async def test_a_request_names_one_host(testbed: Testbed, hosts: tuple[str, ...]) -> None:
    assert (await asked(testbed, *hosts))[0] == 400
    assert (await asked(testbed, *hosts, version="1.0"))[0] == 400


@pytest.mark.parametrize("host", SERVED)
async def test_production_answers_for_its_public_hosts(public: Testbed, host: str) -> None:
    assert await asked(public, host) == (200, None)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:{port}", "[::1]", "router"])
async def test_production_with_public_hosts_answers_for_no_others(public: Testbed, host: str) -> None:
    assert await asked(public, host) == (421, "MISDIRECTED_REQUEST")
    assert await opened(public, f"http://{host}", host) == 421


@pytest.mark.parametrize("path", ["/healthz", "/healthcheck", "/ready", "/readiness"])
@pytest.mark.parametrize("hosts", [("10.1.2.3:4000",), ("anything.example",), ()])
async def test_health_is_told_whatever_the_host(public: Testbed, path: str, hosts: tuple[str, ...]) -> None:
    lines = "".join(f"Host: {host}\r\n" for host in hosts)
    for method in ("GET", "HEAD"):
        answer = await exchange(public, f"{method} {path} HTTP/1.0\r\n{lines}\r\n".encode())
        assert answer.split(b" ", 2)[1] == b"200"


@pytest.mark.parametrize(
    ("origin", "host", "status"),
    [
        (None, "localhost:{port}", 101),
        ("http://localhost:{port}", "localhost:{port}", 101),
        ("http://LOCALHOST:{port}", "localhost:{port}", 101),
        ("http://[::1]:{port}", "[0:0:0:0:0:0:0:1]:{port}", 101),
        ("http://127.0.0.1", "127.0.0.1:80", 101),
        ("https://localhost:{port}", "localhost:{port}", 403),
        ("http://localhost:3000", "localhost:{port}", 403),
        ("http://localhost", "localhost:{port}", 403),
        ("http://127.0.0.1:{port}", "localhost:{port}", 403),
        ("http://rebound.example:{port}", "localhost:{port}", 403),
        ("http://localhost:{port}@rebound.example", "localhost:{port}", 403),
        ("http://rebound.example@localhost:{port}", "localhost:{port}", 403),
        ("http://localhost:{port}/page", "localhost:{port}", 403),
        ("null", "localhost:{port}", 403),
        ("", "localhost:{port}", 403),
    ],
)
async def test_a_page_opens_a_web_socket_to_its_own_host_alone(
    testbed: Testbed, origin: str | None, host: str, status: int
) -> None:
    assert await opened(testbed, origin, host) == status


@pytest.mark.parametrize(
    ("origin", "host", "status"),
    [
        (None, "api.shop.example", 101),
        (PUBLIC, "api.shop.example", 101),
        (PUBLIC, "api.shop.example.:443", 101),
        ("https://graph.shop.example:8443", "graph.shop.example", 101),
        ("https://shop.example", "api.shop.example", 101),
        ("http://api.shop.example", "api.shop.example", 403),
        ("https://api.shop.example:8443", "api.shop.example", 403),
        ("https://graph.shop.example:8443", "api.shop.example", 403),
        ("https://rebound.example", "api.shop.example", 403),
    ],
)
async def test_a_page_of_a_public_origin_opens_a_web_socket_to_it(
    public: Testbed, origin: str | None, host: str, status: int
) -> None:
    assert await opened(public, origin, host) == status


async def test_two_origins_are_none(testbed: Testbed) -> None:
    own = f"http://127.0.0.1:{testbed.port}"
    headers = Headers([("Origin", own), ("Origin", own)])
    with pytest.raises(InvalidStatus) as refused:
        async with connect(testbed.url.replace("http", "ws"), additional_headers=headers, proxy=None):
            pass
    assert refused.value.response.status_code == 403
    assert json.loads(refused.value.response.body)["errors"][0]["extensions"] == {"code": "FORBIDDEN"}


async def test_production_that_others_reach_must_know_its_hosts(toy_supergraph: object, testbed: Testbed) -> None:
    other = Testbed(testbed.supergraph)
    with pytest.raises(ChildProcessError):
        other.start_router(PETPLUS_ENV="production", PETPLUS_SECRET_KEY=SECRET, PETPLUS_HOST="::")
    [line] = [json.loads(text) for text in other.log.read_text().splitlines()]
    assert line["reason"].startswith("PETPLUS_PUBLIC_ORIGINS must be set in production")
