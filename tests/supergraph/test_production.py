"""A shop in production: only its apps' operations run, only through its router, and it tells nothing of itself."""

import base64
import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from petplus import registry
from petplus.local.node import ROUTER
from shared.core.ids import new_id
from shared.core.settings import Settings
from subgraphs.user.demo import DEMO_PASSWORD
from tests.support.accounts import token_in
from tests.support.http import http_client
from tests.support.processes import Process
from tests.support.shop import PORTS_NEEDED, Shop, free_ports, reachable, shop
from tests.support.smtp import mail_server
from tests.support.waiting import eventually

pytestmark = pytest.mark.usefixtures("_urls")

MAIL_PORT = free_ports() + PORTS_NEEDED
SECRET = "a-secret-of-production-in-tests-alone"
PRODUCTION = {
    "PETPLUS_ENV": "production",
    "PETPLUS_PASSKEY_RP_ID": "localhost",
    "PETPLUS_PASSKEY_ORIGINS": "http://localhost",
}
SECRETS = {
    "PETPLUS_SECRET_KEY": SECRET,
    "PETPLUS_SMTP_URL": f"smtp://127.0.0.1:{MAIL_PORT}",
    "PETPLUS_SHOPIFY_WEBHOOK_SECRETS": "a-secret-of-shopify-in-tests",
    "PETPLUS_STRIPE_WEBHOOK_SECRETS": "whsec_a-secret-of-stripe-in-tests",
    "PETPLUS_INTERNAL_WEBHOOK_SECRETS": "whsec_" + base64.b64encode(b"a secret of ours in tests").decode(),
    "SECRET_OF_SOMETHING_ELSE": "a-secret-of-something-else",
}
MANIFEST = json.loads((ROUTER / "operations" / "manifest.json").read_text())
OPERATIONS = {each["name"]: each["id"] for each in MANIFEST["operations"]}


@pytest.fixture(scope="module")
def production(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """A shop in production, empty as it is on its first day, with a process for each subgraph."""
    with shop(reachable(tmp_path_factory.mktemp("production")), "--split", env=SECRETS | PRODUCTION) as up:
        yield up


async def post(url: str, body: dict[str, Any], token: str | None = None) -> httpx.Response:
    headers = {"authorization": f"Bearer {token}"} if token else {}
    async with http_client() as client:
        return await client.post(url, json=body, headers=headers)


async def run(production: Shop, name: str, token: str | None = None, **variables: Any) -> Any:
    """Run one of the apps' operations by its id; return its data."""
    body = {"documentId": f"sha256:{OPERATIONS[name]}", "variables": variables}
    answer = (await post(production.url, body, token)).json()
    assert "errors" not in answer, answer
    return answer["data"]


async def test_it_names_its_graph_and_no_graphiql_which_it_does_not_show(production: Shop) -> None:
    assert f"Graph      {production.url}" in production.output
    assert "GraphiQL" not in production.output
    async with http_client() as client:
        assert (await client.get(production.url, headers={"accept": "text/html"})).status_code == 405


async def register(production: Shop, email: str) -> str:
    """Open an account as an app does; return an access token."""
    async with mail_server(MAIL_PORT) as (_, received):
        await run(production, "AppRegister", input={"email": email, "name": "First Person"})

        async def is_mailed() -> bool:
            return bool(received)

        await eventually(is_mailed)
    [mail] = received
    assert mail["To"] == email
    proof = {"token": token_in(mail), "password": DEMO_PASSWORD}
    proved = await run(production, "AppEmailVerify", input=proof)
    assert proved["emailVerify"]["__typename"] == "EmailVerifySuccess"
    session = (await run(production, "AppLogIn", input={"email": email, "password": DEMO_PASSWORD}))["sessionCreate"]
    return str(session["accessToken"])


async def made_design(production: Shop, token: str) -> Any:
    form = (await run(production, "WebDesignEditor", product="BOWL"))["productOptions"]
    config = {
        "product": "BOWL",
        "size": form["sizes"][0]["size"],
        "material": form["materials"][0]["material"],
        "primaryColor": form["materials"][0]["colors"][0]["color"],
    }
    made = (await run(production, "WebDesignCreate", token, input={"name": "First", "config": config}))["designCreate"]
    assert made["__typename"] == "DesignCreateSuccess", made
    return made["design"]


async def test_the_apps_operations_work_from_registration_to_a_design(production: Shop) -> None:
    token = await register(production, "first@allpetplus.example")
    assert (await run(production, "WebMe", token))["me"]["name"] == "First Person"
    await made_design(production, token)
    mine = (await run(production, "WebMyDesigns", token))["designs"]
    assert [design["name"] for design in mine["nodes"]] == ["First"]
    assert (await run(production, "MobileHome", token))["me"]["orders"]["nodes"] == []


async def test_a_person_corrects_copies_and_erases_their_data(production: Shop) -> None:
    email = "second@allpetplus.example"
    token = await register(production, email)
    design = await made_design(production, token)
    me = (await run(production, "AppProfile", token))["me"]
    correction = {"version": me["version"], "name": "Second Person"}
    corrected = (await run(production, "AppProfileUpdate", token, input=correction))["profileUpdate"]
    assert corrected["user"]["name"] == "Second Person"
    change = {"email": "moved@allpetplus.example", "password": DEMO_PASSWORD}
    asked = (await run(production, "AppEmailChange", token, input=change))["emailChange"]
    assert asked["__typename"] == "EmailChangeSuccess"
    copy = (await run(production, "AppAccountExport", token))["accountExport"]
    assert email in copy["document"]
    assert [each["id"] for each in copy["user"]["designs"]["nodes"]] == [design["id"]]
    away = await run(production, "WebDesignDelete", token, input={"id": design["id"], "version": design["version"]})
    assert away["designDelete"]["design"]["status"] == "ARCHIVED"
    wrong = (await run(production, "AppAccountDelete", token, input={"password": "another"}))["accountDelete"]
    assert wrong["__typename"] == "UnauthenticatedProblem"
    assert (await run(production, "WebMe", token))["me"]["name"] == "Second Person"
    erased = (await run(production, "AppAccountDelete", token, input={"password": DEMO_PASSWORD}))["accountDelete"]
    assert erased == {"__typename": "AccountDeleteSuccess", "userId": me["id"]}
    again = await run(production, "AppLogIn", input={"email": email, "password": DEMO_PASSWORD})
    assert again["sessionCreate"]["__typename"] == "UnauthenticatedProblem"


@pytest.mark.parametrize("query", ["{ me { id } }", "{ __schema { types { name } } }", "{ nothing }"])
async def test_nothing_else_runs(production: Shop, query: str) -> None:
    response = await post(production.url, {"query": query})
    assert response.status_code == 400
    assert [error["extensions"]["code"] for error in response.json()["errors"]] == ["PERSISTED_QUERY_ID_REQUIRED"]
    assert "data" not in response.json()


async def test_no_subgraph_can_be_asked_around_the_router(production: Shop) -> None:
    settings = Settings(port=production.port)
    entities = "query ($r: [_Any!]!) { _entities(representations: $r) { __typename } }"
    for name in registry.NAMES:
        url = f"http://127.0.0.1:{registry.port_of(name, settings)}/graphql"
        for body in ({"query": "{ __typename }"}, {"query": "{ _service { sdl } }"}, {"query": entities}):
            response = await post(url, body)
            assert response.status_code == 401
            assert response.json() == {"errors": response.json()["errors"]}
            assert response.json()["errors"][0]["extensions"] == {"code": "REQUEST_NOT_SIGNED"}


def test_each_process_has_the_secrets_that_it_needs_and_no_others(production: Shop) -> None:
    addresses = json.loads((production.home / "addresses.json").read_text())
    secrets = {name: value.encode() for name, value in (SECRETS | addresses).items()}
    held: dict[str, list[set[str]]] = {}
    for process in Process(production.process.pid).descendants():
        environment = process.environment
        found = {name for name, value in secrets.items() if any(value in each for each in environment.values())}
        held.setdefault(process.command, []).append(found)
    of_all = {"PETPLUS_SECRET_KEY", *addresses}
    of_mail = of_all | {"PETPLUS_SMTP_URL"}
    of_senders = of_all | {name for name in secrets if name.endswith("_WEBHOOK_SECRETS")}
    expected = dict.fromkeys(registry.NAMES, of_all) | {"user": of_mail, "order": of_mail, "webhook": of_senders}
    for name, needed in expected.items():
        [command] = [command for command in held if command.endswith(f"serve --migrate {name}")]
        assert held.pop(command) == [needed], name
    [router] = [command for command in held if command.endswith("server.mjs")]
    assert held.pop(router) == [{"PETPLUS_CACHE_REDIS_URL"}]
    assert any("postgres" in command for command in held)
    assert [found for processes in held.values() for found in processes if found] == []


def test_no_other_user_reads_its_home(production: Shop) -> None:
    assert production.home.stat().st_mode & 0o067 == 0
    found = {path: path.lstat().st_mode & 0o077 for path in production.home.iterdir()}
    found |= {path: path.stat().st_mode & 0o077 for path in (production.home / "logs").iterdir()}
    assert {path.name for path in found} >= {"addresses.json", "logs", "router.log", "servers"}
    assert {path: mode for path, mode in found.items() if mode} == {}


async def test_what_is_beside_the_graph_tells_nothing(production: Shop) -> None:
    settings, answered = Settings(port=production.port), {}
    urls = {name: f"http://127.0.0.1:{registry.port_of(name, settings)}" for name in registry.NAMES}
    paths = ["/healthz", "/ready", "/metrics", "/docs", "/redoc", "/openapi.json", "/", "/.well-known/jwks.json"]
    async with http_client() as client:
        for name, url in {**urls, "router": production.url.removesuffix("/graphql")}.items():
            for path in paths:
                response = await client.get(url + path)
                answered[name, path] = response.status_code
                for word in (SECRET, "usr_", "@allpetplus", "Traceback", "PETPLUS_"):
                    assert word not in response.text, (name, path)
        delivery = await client.post(f"{urls['webhook']}/webhooks/shopify/orders", json={"id": 1})
        picture = await client.get(f"{urls['builder']}/designs/{new_id('des')}/preview.svg")
        keys = (await client.get(f"{urls['user']}/.well-known/jwks.json")).json()["keys"]
    expected = {(name, path) for name in registry.NAMES for path in ("/healthz", "/ready", "/metrics")}
    expected |= {("router", "/healthz"), ("router", "/ready"), ("user", "/.well-known/jwks.json")}
    assert {place for place, status in answered.items() if status == 200} == expected
    assert {status for place, status in answered.items() if place not in expected} == {404}
    assert (delivery.status_code, picture.status_code) == (401, 404)
    assert keys
    assert not any("d" in key for key in keys)


async def test_there_is_no_page_and_browsers_are_told_to_encrypt(production: Shop) -> None:
    async with http_client() as client:
        page = await client.get(production.url, headers={"accept": "text/html"})
    assert page.status_code == 405
    assert "html" not in page.headers["content-type"]
    assert page.headers["strict-transport-security"] == "max-age=63072000; includeSubDomains"
