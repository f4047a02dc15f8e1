"""What the chart describes runs: its commands, environments and probes, as processes on servers of their own."""

import asyncio
import json
import re
import shutil
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path

import asyncpg
import pytest
import pytest_asyncio

from petplus import registry
from petplus.certificates import write_certificates
from petplus.local.embedded import CACHE, EmbeddedPostgres, EmbeddedValkey
from petplus.local.node import ROUTER
from shared.core.ids import new_id
from shared.core.settings import Settings
from tests.chart.helm import CHART, ROOT, read_yaml, render, write_values
from tests.chart.pods import Cluster, Pod
from tests.chart.policies import port_of
from tests.chart.product import SECRETS
from tests.chart.scenarios import PUBLIC, rendered
from tests.support.http import http_client
from tests.support.shop import PORTS_NEEDED, free_ports
from tests.support.waiting import eventually

DOCKERFILE = ROOT / "deploy" / "Dockerfile"
STARTED = ("user", "builder", "worker-main", "router")
"""Two subgraphs, the worker of all six, and the router."""
OTHERS = """SELECT DISTINCT usename FROM pg_stat_activity
    WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"""


def values_at(first_port: int) -> dict[str, object]:
    """Return values by which nothing listens where another process of this machine does."""
    ports = {name: {"port": first_port + 1 + number} for number, name in enumerate(registry.NAMES)}
    return {
        **PUBLIC,
        "mail": {"drop": True},
        "timeouts": {"drainSeconds": 5},
        "subgraphs": ports,
        "workers": {"main": {"port": first_port + PORTS_NEEDED}},
        "router": {"port": first_port},
    }


@pytest_asyncio.fixture(scope="module")
async def cluster(base_settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Cluster]:
    """A release, its Secret, an empty PostgreSQL and two Valkeys: passwords of roles are those of this Secret."""
    home = base_settings.home / new_id("chart")
    postgres, broker, cache = EmbeddedPostgres(home), EmbeddedValkey(home), EmbeddedValkey(home, CACHE)
    folder = tmp_path_factory.mktemp("chart")
    async with AsyncExitStack() as stack:
        for server in (postgres, broker, cache):
            await server.start()
            stack.push_async_callback(server.stop)
        secret = SECRETS | {
            "PETPLUS_DATABASE_URL": postgres.url,
            "PETPLUS_REDIS_URL": broker.url,
            "PETPLUS_CACHE_REDIS_URL": cache.url,
        }
        # The socket of the server, which listens at no port, without its owner.
        address = "postgresql:///" + postgres.dsn.partition("@/")[2]
        servers = {"postgresql://postgresql:5432/allpetplus": address}
        release = render([write_values(folder, values_at(free_ports()))])
        yield Cluster(release, secret, servers, folder)


async def test_migrations_fail_where_the_database_is_away(cluster: Cluster) -> None:
    away = dict.fromkeys(
        (f"PETPLUS_{name.upper()}_DATABASE_URL" for name in registry.NAMES),
        "postgresql://owner:password@127.0.0.1:1/allpetplus",
    )
    job = Pod(cluster, "migrate", **away)
    assert job.wait() != 0
    assert await tables(cluster) == set()


async def tables(cluster: Cluster) -> set[str]:
    """Return the schemas in which there are tables."""
    return {str(each["schemaname"]) for each in await rows(cluster, "SELECT DISTINCT schemaname FROM pg_tables")} - {
        "pg_catalog",
        "information_schema",
    }


async def rows(cluster: Cluster, query: str) -> list["asyncpg.Record"]:
    connection = await asyncpg.connect(cluster.secret["PETPLUS_DATABASE_URL"].replace("+asyncpg", "", 1))
    try:
        return list(await connection.fetch(query))
    finally:
        await connection.close()


async def test_it_migrates_starts_answers_and_stops(cluster: Cluster) -> None:
    for _ in range(2):  # a Job may be tried again
        job = Pod(cluster, "migrate")
        assert job.wait() == 0, job.output
    assert await tables(cluster) == set(registry.NAMES)

    async with AsyncExitStack() as stack:
        pods = {name: Pod(cluster, name) for name in STARTED}
        for pod in pods.values():
            stack.callback(pod.kill)
        for probe in ("startupProbe", "readinessProbe", "livenessProbe"):
            await asyncio.gather(*[pod.until(probe, 200) for pod in pods.values()])
        await answers_a_query(cluster, pods)
        worker = pods["worker-main"]

        async def measures_its_relays() -> bool:
            metrics = await worker.get("/metrics")
            return metrics is not None and all(
                f'petplus_outbox_oldest_seconds{{subgraph="{name}"}}' in metrics.text for name in registry.NAMES
            )

        await eventually(measures_its_relays, about=lambda: worker.output)
        lag = await worker.execute("events", "lag")
        assert all(name in lag for name in registry.NAMES), lag
        # No process logs in as the owner, whose address migrations alone have.
        assert {str(each["usename"]) for each in await rows(cluster, OTHERS)} == {
            f"petplus_{name}" for name in registry.NAMES
        }
        await stop(pods)


async def answers_a_query(cluster: Cluster, pods: dict[str, Pod]) -> None:
    """Ask for what the storefront shows first, of the builder, through the router."""
    manifest = json.loads((ROUTER / "operations" / "manifest.json").read_text())
    [asked] = {each["id"] for each in manifest["operations"] if each["name"] == "WebDesignEditor"}
    body = {"documentId": f"sha256:{asked}", "variables": {"product": "BOWL"}}
    async with http_client(headers={"host": "shop.example"}) as client:
        answer = await client.post(f"http://127.0.0.1:{port_of(pods['router'].container)}/graphql", json=body)
    assert answer.json()["data"]["productOptions"]["materials"], cluster.folder


async def stop(pods: dict[str, Pod]) -> None:
    """Stop all pods: those with an API are alive and unready meanwhile, and all end well."""
    ending = [asyncio.create_task(pod.end()) for pod in pods.values()]
    for name in ("user", "builder", "router"):
        await pods[name].until("readinessProbe", 503)
        assert await pods[name].probe("livenessProbe") == 200
    await asyncio.gather(*ending)
    assert [pod.output for pod in pods.values() if pod.process.returncode != 0] == []


async def test_router_and_subgraphs_know_each_other_by_certificates(cluster: Cluster, tmp_path: Path) -> None:
    values = values_at(free_ports()) | {"mutualTls": {"enabled": True}}
    encrypted = replace(cluster, release=render([write_values(tmp_path, values)]), folder=tmp_path)
    job = Pod(encrypted, "migrate")
    assert job.wait() == 0, job.output
    async with AsyncExitStack() as stack:
        pods = {}
        for name, role in (("user", "subgraphs"), ("builder", "subgraphs"), ("router", "router")):
            mounted_certificates(encrypted, name, role)
            pods[name] = Pod(encrypted, name)
            stack.callback(pods[name].kill)
        for probe in ("startupProbe", "readinessProbe", "livenessProbe"):
            await asyncio.gather(*[pod.until(probe, 200) for pod in pods.values()])
        await answers_a_query(encrypted, pods)
        await stop(pods)


def mounted_certificates(cluster: Cluster, name: str, role: str) -> None:
    """Put into a pod's directory what its Secret holds, and nothing else."""
    [template] = [template for each, template in cluster.release.workloads() if each == name]
    [mount] = [each for each in template["spec"]["containers"][0]["volumeMounts"] if each["name"] == "certificate"]
    assert mount == {"name": "certificate", "mountPath": f"/etc/petplus/tls/{role}", "readOnly": True}
    made = cluster.folder / "certificates"
    if not made.exists():
        write_certificates(made, ["127.0.0.1"], days=1)
    shutil.copytree(made / role, cluster.folder / name / "tls" / role)


@pytest.mark.skipif(not DOCKERFILE.exists(), reason="the images are not in this tree")
def test_the_images_have_the_entry_points_and_the_user_of_the_chart() -> None:
    text = DOCKERFILE.read_text()
    assert set(read_yaml(CHART / "values.yaml")["image"]) - set(
        re.findall(r"^FROM .* AS (\S+)$", text, re.MULTILINE)
    ) == {"registry", "pullPolicy", "pullSecrets"}
    assert set(re.findall(r"^ENTRYPOINT (.+)$", text, re.MULTILINE)) == {'["python", "-m", "petplus"]', '["node"]'}
    users = set(re.findall(r"^USER (\d+):(\d+)$", text, re.MULTILINE))
    given = [template["spec"]["securityContext"] for _, template in rendered("defaults").workloads()]
    assert {(str(each["runAsUser"]), str(each["runAsGroup"])) for each in given} == users


async def test_a_subgraph_without_a_secret_does_not_start(cluster: Cluster) -> None:
    pod = Pod(cluster, "webhook", PETPLUS_SHOPIFY_WEBHOOK_SECRETS="")
    assert pod.wait() == 1
    assert "PETPLUS_SHOPIFY_WEBHOOK_SECRETS must be set in production" in pod.output


def test_nothing_is_left_in_the_pods_directories_but_logs(cluster: Cluster) -> None:
    files = {path.relative_to(cluster.folder) for path in cluster.folder.rglob("*") if path.is_file()}
    assert {path for path in files if path.name != "log"} == {Path("values.yaml")}
