"""A wrong setting, whichever it is, is one sentence that names its variable, before anything starts."""

import base64
import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from petplus import registry
from petplus.backup.settings import BackupSettings
from petplus.configuration import check_home, check_router_settings, check_settings, settings_of
from petplus.generated import composition
from petplus.generated.composition import router_settings
from petplus.generated.settings_page import sections
from shared.core.secret_strength import is_guessable
from shared.core.settings import (
    DEVELOPMENT_SECRET,
    OF_ONE_SUBGRAPH,
    EnvironmentSettings,
    SettingsError,
    load_settings,
    variable_of,
)
from subgraphs.webhook.settings import DEVELOPMENT_SECRETS
from tests.support.shop import ROOT
from tests.support.waiting import TEST_TIMEOUT

ANY_TEXT = {"PETPLUS_TOKEN_ISSUER", "PETPLUS_TOKEN_AUDIENCE"}
"""Of these nothing is wrong."""
OF_OTHER_COMMANDS = {"PETPLUS_BACKUP_PASSPHRASE", "PETPLUS_HIVE_ROUTER"}
"""Where these are wrong, the commands that read them say so."""

WRONG: dict[str, tuple[str, ...]] = {
    "PETPLUS_ENV": ("staging",),
    "PETPLUS_HOME": ("/proc/petplus", "/dev/null", "/dev/null/petplus"),
    "PETPLUS_HOST": ("192.0.2.1", "no such host", "300.1.1.1"),
    "PETPLUS_PORT": ("http", "80", "70000", "4000.5"),
    "PETPLUS_DATABASE_URL": (
        "mysql://root:hidden@localhost/shop",
        "localhost",
        "postgresql://me:hidden@localhost:port/shop",
        "postgresql://me:hidden@localhost/shop?sslmode=require",
    ),
    "PETPLUS_REDIS_URL": ("localhost:6379", "redis://:hidden@localhost:port/0"),
    "PETPLUS_CACHE_REDIS_URL": ("localhost:6379", "redis://:hidden@localhost:port/0"),
    "PETPLUS_SECRET_KEY": ("hidden",),
    "PETPLUS_ROUTER_SECRETS": ("hidden", "a-long-one-a-long-one-a-long-one-a,hidden"),
    "PETPLUS_JWKS_URL": ("keys", "http://", "http://user:port/"),
    "PETPLUS_LOG_LEVEL": ("loud",),
    "PETPLUS_LOG_FORMAT": ("xml",),
    "PETPLUS_COMPILED": ("yes",),
    "PETPLUS_SHARED_SUBSCRIPTIONS": ("yes",),
    "PETPLUS_START_TIMEOUT": ("0", "soon"),
    "PETPLUS_DATABASE_POOL_SIZE": ("0", "201", "many"),
    "PETPLUS_PUBLIC_ORIGINS": ("shop.example", "https://shop.example/", "https://me@shop.example", "ftp://a.example"),
    "PETPLUS_TRUSTED_PROXIES": ("10.0.0.0/40", "proxy.example"),
    "PETPLUS_SMTP_URL": ("foo", "http://me:hidden@mail.example", "smtp://", "smtp://me:hidden@mail.example:port"),
    "PETPLUS_MAIL_FROM": ("nobody", "Shop <>", "a b@shop.example", "Shop <a@b@c>"),
    "PETPLUS_MAIL_REPLY_TO": ("nobody", "Shop <>"),
    "PETPLUS_DROP_MAILS": ("yes",),
    "PETPLUS_APP_URL": ("app", "ftp://app.example", "https://"),
    "PETPLUS_PASSKEY_RP_ID": ("https://shop.example", "Shop.example", "shop", "127.0.0.1", ".example", "a b.example"),
    "PETPLUS_PASSKEY_ORIGINS": (
        "shop.example",
        "https://shop.example/",
        "https://shop.example:443",
        "https://me:hidden@localhost",
        "http://shop.example",
        "https://shop.example",
        "http://localhost,https://localhost.example",
        "android:apk-key-hash:hidden",
    ),
    "PETPLUS_MINIMUM_APP_VERSIONS": ("mobile", "mobile=1=2", "mobile=1.0,mobile=2.0"),
    "PETPLUS_TLS_DIRECTORY": ("/nowhere",),
    "PETPLUS_PREVIEW_URL": ("foo", "//preview.example", "https://a b"),
    "PETPLUS_AVATAR_URL": ("foo", "//avatars.example", "https://a b"),
    "PETPLUS_PUSH_PROVIDER": ("pigeon",),
    "PETPLUS_PRODUCTION_START_SECONDS": ("-1", "soon", "nan", "inf"),
    "PETPLUS_PRODUCTION_SECONDS": ("-1", "soon", "nan", "inf"),
    "PETPLUS_CARRIER": ("pigeon",),
    "PETPLUS_UNSUBSCRIBE_URL": ("foo", "//shop.example", "https://a b"),
    "PETPLUS_PAYMENT_PROVIDER": ("paypal",),
    "PETPLUS_PAYMENT_HOURS": ("0", "soon"),
    "PETPLUS_STRIPE_API_KEY": ("hidden", "pk_test_hidden"),
    "PETPLUS_STRIPE_PUBLISHABLE_KEY": ("hidden", "sk_test_hidden"),
    "PETPLUS_STRIPE_API_URL": ("stripe", "ftp://api.stripe.example"),
    "PETPLUS_STRIPE_TEST_KEYS": ("yes",),
    "PETPLUS_SHOPIFY_WEBHOOK_SECRETS": (),
    "PETPLUS_STRIPE_WEBHOOK_SECRETS": (),
    "PETPLUS_INTERNAL_WEBHOOK_SECRETS": ("whsec_not base64: hidden", "whsec_"),
    "PETPLUS_WEBHOOK_RETENTION_DAYS": ("1", "4000", "long"),
    "PETPLUS_ANALYTICS_RETENTION_DAYS": ("1", "4000", "long"),
    "PETPLUS_ANALYTICS_REPLICA_URL": (
        "mysql://root:hidden@localhost/shop",
        "localhost",
        "postgresql://me:hidden@localhost:port/shop",
        "postgresql://me:hidden@localhost/shop?sslmode=require",
    ),
    "PETPLUS_ANALYTICS_REPLICA_LAG": ("0", "86401", "long"),
    "PETPLUS_EXPORT_RETENTION_DAYS": ("0", "91", "long"),
    "PETPLUS_EXPORT_URL": ("foo",),
    "PETPLUS_AUDIT_ANCHORS": ("/tmp", "/no/such/directory/anchors"),  # noqa: S108 (a directory that exists)
    "PETPLUS_<NAME>_DATABASE_URL": ("foo", "postgresql://me:hidden@localhost:port/shop"),
    "PETPLUS_<NAME>_PORT": ("http", "80", "70000", "\u0664\u0660\u0660\u0661", "4000"),
    "PETPLUS_<NAME>_URL": ("user:4001", "ftp://subgraph.example/graphql"),
    "PETPLUS_SUPERGRAPH": ("/no/such/file", "pyproject.toml", "router/package.json"),
    "PETPLUS_OPERATIONS": ("/no/such/file", "pyproject.toml", "router/package.json"),
    "PETPLUS_APPS": ("/no/such/folder", "pyproject.toml"),
    "PETPLUS_OPEN_GRAPH": ("yes",),
    "PETPLUS_CORS_ORIGINS": ("shop.example", "https://shop.example/path"),
    "PETPLUS_CONNECTIONS_PER_ADDRESS": ("0", "many", "-1"),
    "PETPLUS_COST_MAXIMUM": ("0", "many"),
    "PETPLUS_COST_BUCKET": ("0", "many"),
    "PETPLUS_REQUEST_WAIT": ("0", "long", "600001"),
    "PETPLUS_SUBSCRIPTIONS_PER_CLIENT": ("0", "many"),
    "PETPLUS_WRITE_TIMEOUT": ("0", "soon", "600001"),
    "PETPLUS_DRAIN_SECONDS": ("-1", "long", "601"),
    "PETPLUS_GRACE_SECONDS": ("0", "long", "3601"),
    "PETPLUS_WORKER_PORT": ("http", "80", "70000"),
    "PETPLUS_COST_RESTORE": ("0", "1e3"),
    "PETPLUS_UPSTREAM_TIMEOUT": ("0", "600001"),
    "PETPLUS_UPSTREAM_CONNECTION_AGE": ("0", "600001"),
    "PETPLUS_UPSTREAM_IDLE_TIMEOUT": ("0", "600001"),
    "PETPLUS_UPSTREAM_SILENCE": ("0", "600001"),
}
IN_PRODUCTION = {
    "PETPLUS_ENV": "production",
    "PETPLUS_SECRET_KEY": "a-secret-of-production-in-tests-alone",
    "PETPLUS_SMTP_URL": "smtp://mail.example",
    "PETPLUS_PASSKEY_RP_ID": "shop.example",
    "PETPLUS_PASSKEY_ORIGINS": "https://shop.example",
    "PETPLUS_SHOPIFY_WEBHOOK_SECRETS": "of-shopify",
    "PETPLUS_STRIPE_WEBHOOK_SECRETS": "whsec_of-stripe",
    "PETPLUS_INTERNAL_WEBHOOK_SECRETS": "whsec_b2Ygb3Vycw==",
}


def documented() -> set[str]:
    """Return all variables of docs/settings.md."""
    ours = {variable_of(field) for _, kind in sections() for field in kind.model_fields}
    return ours | set(OF_ONE_SUBGRAPH) | set(router_settings()["own"])


def cases() -> Iterator[tuple[str, str]]:
    for variable, values in WRONG.items():
        # The last: the first one's mistakes must not be the only ones that are seen.
        yield from [(variable.replace("<NAME>", registry.NAMES[-1].upper()), value) for value in values]


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No settings but those of the test."""
    for variable in [name for name in os.environ if name.startswith("PETPLUS_")]:
        monkeypatch.delenv(variable)
    monkeypatch.setenv("PETPLUS_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(ROOT)


def check() -> None:
    """Do what `petplus up` does before anything starts."""
    settings = load_settings()
    check_settings(settings, with_router=True)
    check_home(settings.home)
    check_router_settings(settings, os.environ)


def refusal() -> str:
    with pytest.raises(SettingsError) as refused:
        check()
    return str(refused.value)


def test_the_cases_below_are_of_all_variables() -> None:
    assert WRONG.keys() | ANY_TEXT | OF_OTHER_COMMANDS == documented()


@pytest.mark.parametrize(("variable", "value"), list(cases()))
def test_a_wrong_setting_is_one_sentence_that_names_its_variable(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    monkeypatch.setenv(variable, value)
    said = refusal()
    assert variable in said
    assert said.endswith(".")
    assert "\n" not in said
    assert "hidden" not in said


@pytest.mark.parametrize("variable", sorted(IN_PRODUCTION.keys() - {"PETPLUS_ENV"}))
def test_production_needs_secrets_a_mail_server_and_the_domain_of_passkeys(
    monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    for name, value in IN_PRODUCTION.items():
        monkeypatch.setenv(name, value)
    check()
    monkeypatch.setenv(variable, "")
    assert refusal().startswith(f"{variable} must be set in production")
    monkeypatch.setenv("PETPLUS_DROP_MAILS", "on")
    if variable == "PETPLUS_SMTP_URL":
        check()


PUBLISHED = (DEVELOPMENT_SECRET, *DEVELOPMENT_SECRETS.values())
SPELLINGS = ("{}", " {}", "{}\n", "\t{}\r\n", "{}\u00a0", "\u200b{}", "'{}'", "{}.", "x{}x", "{0}{0}")
SECRET_VARIABLES = [name for name in IN_PRODUCTION if "SECRET" in name]


@pytest.mark.parametrize("published", PUBLISHED)
@pytest.mark.parametrize("variable", [*SECRET_VARIABLES, "PETPLUS_ROUTER_SECRETS"])
def test_production_refuses_published_secrets_however_they_are_spelled(
    monkeypatch: pytest.MonkeyPatch, variable: str, published: str
) -> None:
    for name, value in IN_PRODUCTION.items():
        monkeypatch.setenv(name, value)
    check_settings(load_settings())
    for spelling in SPELLINGS:
        for spelled in (spelling.format(published), spelling.format(published.swapcase())):
            monkeypatch.setenv(variable, spelled)
            with pytest.raises(SettingsError, match=variable) as refused:
                check_settings(load_settings())
            assert published not in str(refused.value)


@pytest.mark.parametrize(
    "guessable",
    [
        "a" * 32,
        "ab" * 20,
        "password" * 4,
        "0123456789abcdefghijklmnopqrstuvwxyz",
        "a" * 31 + "b",
        "correct horse" * 3,
        " " * 31 + "x",
        "abcdefg" * 5 + "ab",
    ],
)
@pytest.mark.parametrize("variable", ["PETPLUS_SECRET_KEY", "PETPLUS_ROUTER_SECRETS"])
def test_production_refuses_secrets_that_can_be_guessed(
    monkeypatch: pytest.MonkeyPatch, variable: str, guessable: str
) -> None:
    for name, value in IN_PRODUCTION.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv(variable, guessable)
    with pytest.raises(SettingsError, match=variable):
        load_settings()


@pytest.mark.parametrize("variable", [name for name in SECRET_VARIABLES if "WEBHOOK" in name])
def test_production_refuses_webhook_secrets_of_one_letter(monkeypatch: pytest.MonkeyPatch, variable: str) -> None:
    for name, value in IN_PRODUCTION.items():
        monkeypatch.setenv(name, value)
    for repeated in ("xxxx", "x"):
        of_ours = "whsec_" + base64.b64encode(repeated.encode()).decode()
        monkeypatch.setenv(variable, of_ours if "INTERNAL" in variable else repeated)
        with pytest.raises(SettingsError, match=variable):
            check_settings(load_settings())


def test_random_secrets_are_good() -> None:
    for _ in range(300):
        for random in (secrets.token_hex(16), secrets.token_urlsafe(24), secrets.token_urlsafe(48)):
            assert not is_guessable(random)


@pytest.mark.parametrize("host", ["0.0.0.0", "::"])  # noqa: S104 (it is refused)
def test_development_with_published_secrets_listens_to_this_machine_alone(
    monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    monkeypatch.setenv("PETPLUS_HOST", host)
    assert refusal().startswith("PETPLUS_SECRET_KEY must be set with PETPLUS_HOST")
    monkeypatch.setenv("PETPLUS_ROUTER_SECRETS", "a-secret-of-the-router-in-tests-alone")
    assert refusal().startswith("PETPLUS_SECRET_KEY must be set with PETPLUS_HOST")
    monkeypatch.setenv("PETPLUS_SECRET_KEY", "a-secret-of-development-in-tests-alone")
    check_settings(load_settings(), with_router=True)


def test_no_setting_and_empty_ones_are_right(monkeypatch: pytest.MonkeyPatch) -> None:
    check()
    for variable in documented():
        for name in registry.NAMES:
            monkeypatch.setenv(variable.replace("<NAME>", name.upper()), "")
    monkeypatch.delenv("PETPLUS_HOME")
    settings = load_settings()
    check_settings(settings, with_router=True)
    check_router_settings(settings, os.environ)
    assert settings == load_settings()


def test_a_subgraph_is_checked_for_what_it_reads_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PETPLUS_SMTP_URL", "foo")
    check_settings(load_settings(), ["builder", "audit"])
    with pytest.raises(SettingsError, match="PETPLUS_SMTP_URL"):
        check_settings(load_settings(), ["builder", "user"])


def test_all_settings_classes_are_checked() -> None:
    def below(kind: type[EnvironmentSettings]) -> set[type[EnvironmentSettings]]:
        return {kind} | {each for child in kind.__subclasses__() for each in below(child)}

    registry.load_all()
    checked = {kind for name in registry.NAMES for kind in settings_of(name)}
    # The passphrase of backups is for the commands that make and open them.
    assert below(EnvironmentSettings) - checked == {EnvironmentSettings, type(load_settings()), BackupSettings}


@pytest.mark.parametrize(
    ("command", "variable", "value"),
    [
        (("up",), "PETPLUS_SMTP_URL", "foo"),
        (("up",), "PETPLUS_AUDIT_PORT", "4000"),
        (("up",), "PETPLUS_COST_BUCKET", "many"),
        (("serve", "order"), "PETPLUS_SMTP_URL", "foo"),
        (("worker", "webhook"), "PETPLUS_INTERNAL_WEBHOOK_SECRETS", "whsec_"),
    ],
)
def test_a_command_with_a_wrong_setting_says_so_and_starts_nothing(
    tmp_path: Path, command: tuple[str, ...], variable: str, value: str
) -> None:
    argv = [sys.executable, "-m", "petplus", *command]
    env = os.environ | {variable: value}
    done = subprocess.run(argv, env=env, capture_output=True, text=True, timeout=TEST_TIMEOUT, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    [said] = done.stderr.splitlines()
    assert said.startswith(variable)
    assert not (tmp_path / "home" / "servers").exists()
    assert not (tmp_path / "home" / "logs").exists()


def test_the_router_alone_says_which_setting_is_wrong() -> None:
    argv = composition.gateway_command()
    for variable, value in (("PETPLUS_COST_BUCKET", "many"), ("PETPLUS_HOST", "192.0.2.1")):
        env = os.environ | {variable: value}
        done = subprocess.run(argv, env=env, capture_output=True, text=True, timeout=TEST_TIMEOUT, check=False)
        assert done.returncode == 1
        [line] = done.stderr.splitlines()
        assert f'"reason":"{variable} ' in line
        assert "stack" not in line
