"""One composed shop for all tests of containers, with two processes of everything behind the balancer."""

from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio

from petplus.production import environment_file
from shared.core.ids import new_id
from tests.deploy.clients import Shop, Staff
from tests.deploy.composed import Composed, build, composed, why_not
from tests.support.http import http_client
from tests.support.shop import free_ports
from tests.support.smtp import mail_server

PROJECT = "allpetplus-test"
SUBNET = "10.71.48"
MAIL_PORT = 2525
FIRST, SECOND = "test-first", "test-second"
"""The tags of two versions."""


@pytest.fixture(scope="session")
def containers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Composed, str]]:
    """A composed shop of images that are built from this tree, and its origin."""
    if reason := why_not():
        pytest.fail(reason)
    for tag in (FIRST, SECOND):
        build(tag)
    port = free_ports()
    origin = f"http://localhost:{port}"
    lines = environment_file(origin, f"smtp://{SUBNET}.1:{MAIL_PORT}").splitlines()
    variables = dict(line.split("=", 1) for line in lines if not line.startswith("#"))
    variables |= {
        "PETPLUS_VERSION": FIRST,
        "REPLICAS": "2",
        "PUBLISH": f"127.0.0.1:{port}",
        "SUBNET": f"{SUBNET}.0/24",
        # All clients of a test are one address, and often one account.
        "PETPLUS_COST_BUCKET": "100000000",
        "PETPLUS_CONNECTIONS_PER_ADDRESS": "100000",
        # On a busy machine all takes long, and nothing is given up for it.
        "PETPLUS_REQUEST_WAIT": "60000",
        "PETPLUS_UPSTREAM_TIMEOUT": "60000",
    }
    with composed(tmp_path_factory.mktemp("composed"), PROJECT, variables) as running:
        yield running, origin


@pytest_asyncio.fixture(scope="session")
async def shop(containers: tuple[Composed, str]) -> AsyncIterator[Shop]:
    """The shop as clients see it."""
    _, origin = containers
    async with mail_server(MAIL_PORT, host=f"{SUBNET}.1") as (_, received), http_client(base_url=origin) as http:
        yield Shop(http, origin, received)


@pytest_asyncio.fixture(scope="session")
async def staff(shop: Shop, containers: tuple[Composed, str]) -> Staff:
    """Somebody of the support staff."""
    return await Staff.appoint(shop, containers[0], f"{new_id('sup')}@staff.example")


@pytest_asyncio.fixture(scope="session")
async def customer(shop: Shop) -> str:
    """The access token of a customer."""
    email = f"{new_id('cus')}@customer.example"
    await shop.register(email)
    return await shop.log_in(email)
