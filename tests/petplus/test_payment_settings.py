"""Settings of payments: what production refuses, and which processes are given the secrets."""

import pytest

from petplus.local.environments import subgraph_environment
from shared.core.settings import SettingsError, load_settings
from subgraphs.order.settings import PaymentSettings
from tests.petplus.test_configuration import IN_PRODUCTION

LIVE = {
    "PETPLUS_PAYMENT_PROVIDER": "stripe",
    "PETPLUS_STRIPE_API_KEY": "rk_live_hidden",
    "PETPLUS_STRIPE_PUBLISHABLE_KEY": "pk_live_1",
}
TEST = LIVE | {"PETPLUS_STRIPE_API_KEY": "sk_test_hidden", "PETPLUS_STRIPE_PUBLISHABLE_KEY": "pk_test_1"}


def provider(monkeypatch: pytest.MonkeyPatch, **variables: str) -> str:
    """Return the provider that variables lead to; raises SettingsError."""
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    given, settings = PaymentSettings.load(), load_settings()
    given.check(settings)
    return given.provider_of(settings)


def test_payments_are_simulated_in_development_and_left_to_staff_in_production(monkeypatch: pytest.MonkeyPatch) -> None:
    assert provider(monkeypatch) == "simulated"
    assert provider(monkeypatch, **IN_PRODUCTION) == "none"
    assert provider(monkeypatch, **LIVE) == "stripe"


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({"PETPLUS_PAYMENT_PROVIDER": "simulated"}, "PETPLUS_PAYMENT_PROVIDER must not be `simulated`"),
        (LIVE | {"PETPLUS_STRIPE_API_KEY": ""}, "PETPLUS_STRIPE_API_KEY must be set"),
        (LIVE | {"PETPLUS_STRIPE_PUBLISHABLE_KEY": ""}, "PETPLUS_STRIPE_PUBLISHABLE_KEY must be set"),
        (LIVE | {"PETPLUS_STRIPE_PUBLISHABLE_KEY": "pk_test_1"}, "one of Stripe's keys is a test key"),
        (TEST, "PETPLUS_STRIPE_API_KEY must not be a test key"),
        (LIVE | {"PETPLUS_STRIPE_API_URL": "http://stripe.example"}, "must be an https:// address"),
    ],
)
def test_production_refuses_what_takes_no_money_or_is_heard_by_others(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], said: str
) -> None:
    with pytest.raises(SettingsError, match=said) as refused:
        provider(monkeypatch, **IN_PRODUCTION, **variables)
    assert "hidden" not in str(refused.value)


def test_test_keys_are_taken_where_a_setting_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    assert provider(monkeypatch, **IN_PRODUCTION, **TEST, PETPLUS_STRIPE_TEST_KEYS="on") == "stripe"


def test_only_processes_that_need_a_secret_of_payments_are_given_it() -> None:
    secrets = {"PETPLUS_STRIPE_API_KEY": "sk_test_1", "PETPLUS_STRIPE_WEBHOOK_SECRETS": "whsec_1"}
    given = {
        (name, env): set(subgraph_environment([name], secrets | {"PETPLUS_ENV": env})) & secrets.keys()
        for name in ("order", "webhook", "user", "analytics")
        for env in ("development", "production")
    }
    assert given == {
        # In development it signs as Stripe does.
        ("order", "development"): set(secrets),
        ("order", "production"): {"PETPLUS_STRIPE_API_KEY"},
        ("webhook", "development"): {"PETPLUS_STRIPE_WEBHOOK_SECRETS"},
        ("webhook", "production"): {"PETPLUS_STRIPE_WEBHOOK_SECRETS"},
        **{(name, env): set() for name in ("user", "analytics") for env in ("development", "production")},
    }
