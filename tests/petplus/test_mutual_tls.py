"""The router's certificate takes the place of its signature, and nobody else's does."""

import asyncio
import ssl
import stat
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
import pytest_asyncio
from pydantic import SecretStr
from typer.testing import CliRunner

from petplus import registry
from petplus.certificates import write_certificates
from petplus.cli.main import app
from petplus.configuration import check_settings
from petplus.local.process import ServiceError
from petplus.server import RouterPort, server_of
from shared.core.settings import Settings, SettingsError
from shared.http.draining import Drain
from shared.http.mutual_tls import MutualTls
from shared.subgraph import create_app
from tests.support.apps import signed
from tests.support.http import http_client
from tests.support.shop import free_ports
from tests.support.waiting import eventually

HOSTS = ("127.0.0.1",)
TYPENAME = b'{"query": "{__typename}"}'
JSON = {"content-type": "application/json"}
PRODUCTION = {"env": "production", "secret_key": SecretStr("a-secret-of-production-in-tests-alone")}


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("tls")
    write_certificates(directory, HOSTS, days=1)
    return directory


@dataclass
class Serving:
    """A subgraph as it runs in production, with a port for everybody and one for the router."""

    settings: Settings
    port: int
    router_port: int

    async def post(
        self, verify: ssl.SSLContext | None, headers: dict[str, str] | None = None
    ) -> tuple[int, str | None]:
        """Send a request over TLS, or without; returns the status and the code of an error."""
        scheme, port = ("http", self.port) if verify is None else ("https", self.router_port)
        async with http_client(**({} if verify is None else {"verify": verify})) as client:
            response = await client.post(
                f"{scheme}://127.0.0.1:{port}/graphql", content=TYPENAME, headers=JSON | (headers or {})
            )
        errors = response.json().get("errors")
        return response.status_code, errors[0]["extensions"]["code"] if errors else None


@asynccontextmanager
async def serve(settings: Settings, tls: MutualTls) -> AsyncIterator[Serving]:
    own = settings.model_copy(update=PRODUCTION)
    drain, port = Drain(), free_ports()
    application = create_app(registry.load("audit"), own, messaging=False, drain=drain)
    server = server_of(application, drain, port, own, RouterPort(port + 1, tls))
    serving = asyncio.create_task(server.serve())
    try:
        await server.listening.wait()
        yield Serving(own, port, port + 1)
    finally:
        server.should_exit = True
        await serving


@pytest_asyncio.fixture(scope="module")
async def subgraph(settings: Settings, certificates: Path) -> AsyncIterator[Serving]:
    async with serve(settings, MutualTls(certificates)) as serving:
        yield serving


def client_context(directory: Path, role: str | None) -> ssl.SSLContext:
    """Return the TLS of a client with the certificate of a role, or with none."""
    context = ssl.create_default_context(cafile=str(directory / "subgraphs" / "ca.crt"))
    if role is not None:
        context.load_cert_chain(directory / role / "tls.crt", directory / role / "tls.key")
    return context


async def test_the_routers_certificate_takes_the_place_of_its_signature(subgraph: Serving, certificates: Path) -> None:
    router = client_context(certificates, "router")
    assert await subgraph.post(None) == (401, "REQUEST_NOT_SIGNED")
    assert await subgraph.post(router) == (200, None)
    headers = signed(subgraph.settings, TYPENAME, to="audit")
    assert await subgraph.post(None, headers) == (200, None)
    assert await subgraph.post(router, headers) == (200, None)


@pytest.mark.parametrize(
    "headers", [{"x-petplus-signature": "0" * 64}, {"x-petplus-wait": "soon"}, {"x-petplus-wait": "-1"}]
)
async def test_what_the_router_says_must_be_right_over_its_connection_too(
    subgraph: Serving, certificates: Path, headers: dict[str, str]
) -> None:
    assert await subgraph.post(client_context(certificates, "router"), headers) == (401, "REQUEST_NOT_SIGNED")


async def test_only_the_router_is_let_in_by_a_certificate(
    subgraph: Serving, certificates: Path, tmp_path: Path
) -> None:
    write_certificates(tmp_path, HOSTS, days=1)
    stranger = client_context(certificates, None)
    stranger.load_cert_chain(tmp_path / "router" / "tls.crt", tmp_path / "router" / "tls.key")
    for context in (client_context(certificates, None), client_context(certificates, "subgraphs"), stranger):
        with pytest.raises(httpx.TransportError):
            await subgraph.post(context)
    assert await subgraph.post(client_context(certificates, "router")) == (200, None)


async def test_a_renewed_certificate_is_used_without_a_restart(settings: Settings, tmp_path: Path) -> None:
    write_certificates(tmp_path, HOSTS, days=1)
    own = tmp_path / "subgraphs"
    async with serve(settings, MutualTls(tmp_path, check_seconds=0.01)) as serving:
        first = await served_certificate(serving, tmp_path)
        (own / "tls.crt").write_text("no certificate")
        assert await serving.post(client_context(tmp_path, "router")) == (200, None)
        write_certificates(tmp_path, HOSTS, days=1)
        renewed = ssl.PEM_cert_to_DER_cert((own / "tls.crt").read_text())

        async def is_used() -> bool:
            return await served_certificate(serving, tmp_path) == renewed

        assert await eventually(is_used)
        assert first != renewed
        assert await serving.post(client_context(tmp_path, "router")) == (200, None)


async def served_certificate(serving: Serving, directory: Path) -> bytes:
    """Return the certificate that a subgraph shows."""
    context = client_context(directory, "router")
    _, writer = await asyncio.open_connection("127.0.0.1", serving.router_port, ssl=context)
    shown: bytes = writer.get_extra_info("ssl_object").getpeercert(binary_form=True)
    writer.close()
    return shown


def test_certificates_are_private_and_renewed_by_the_same_authority(tmp_path: Path) -> None:
    directory = tmp_path / "tls"
    for _ in range(2):
        done = CliRunner().invoke(app, ["keys", "certificates", str(directory), "--host", "order.shop", "--days", "30"])
        assert done.exit_code == 0, done.output
        files = sorted(path for path in directory.rglob("*") if path.is_file())
        assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
        assert {stat.S_IMODE(path.stat().st_mode) for path in directory.iterdir()} == {0o700}
    names = [str(path.relative_to(directory)) for path in files]
    leaf = ["ca.crt", "tls.crt", "tls.key"]
    assert names == [
        "authority/ca.crt",
        "authority/tls.key",
        *[f"{role}/{name}" for role in ("router", "subgraphs") for name in leaf],
    ]
    authorities = {(directory / role / "ca.crt").read_bytes() for role in ("authority", "router", "subgraphs")}
    assert len(authorities) == 1


def test_a_directory_that_holds_no_authority_is_left_as_it_is(tmp_path: Path) -> None:
    broken = tmp_path / "authority" / "tls.key"
    broken.parent.mkdir()
    broken.write_text("no key")
    (broken.parent / "ca.crt").write_text("no certificate")
    with pytest.raises(ServiceError, match="holds no authority"):
        write_certificates(tmp_path, HOSTS, days=1)
    assert (broken.read_text(), sorted(path.name for path in tmp_path.iterdir())) == ("no key", ["authority"])


@pytest.mark.parametrize("fault", ["missing", "of another"])
def test_certificates_that_cannot_be_used_stop_the_start_with_a_sentence(
    settings: Settings, tmp_path: Path, fault: str
) -> None:
    if fault == "of another":
        write_certificates(tmp_path, HOSTS, days=1)
        (tmp_path / "subgraphs" / "tls.key").write_bytes((tmp_path / "router" / "tls.key").read_bytes())
    with pytest.raises(SettingsError, match=r"^PETPLUS_TLS_DIRECTORY is wrong: .*\.$"):
        check_settings(settings.model_copy(update={"tls_directory": tmp_path}))
