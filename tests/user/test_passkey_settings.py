"""For which domain passkeys are made, and where they may be used."""

import pytest

from shared.core.settings import Settings, SettingsError
from subgraphs.user.settings import PasskeySettings, RelyingParty

ANDROID = "android:apk-key-hash:47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU"


def party(monkeypatch: pytest.MonkeyPatch, rp_id: str, origins: str) -> RelyingParty:
    monkeypatch.setenv("PETPLUS_PASSKEY_RP_ID", rp_id)
    monkeypatch.setenv("PETPLUS_PASSKEY_ORIGINS", origins)
    return PasskeySettings.load().relying_party(Settings(port=4321))


def test_development_uses_the_routers_own_address(monkeypatch: pytest.MonkeyPatch) -> None:
    assert party(monkeypatch, "", "") == RelyingParty("localhost", ("http://localhost:4321",))


@pytest.mark.parametrize(
    ("rp_id", "origins"),
    [
        ("shop.example", "https://shop.example"),
        ("shop.example", f" https://www.shop.example , https://shop.example:8443,{ANDROID}"),
        ("shop.example", ANDROID),
        ("localhost", "http://localhost:3000,http://app.localhost:5173"),
    ],
)
def test_origins_at_the_domain_and_apps_are_accepted(monkeypatch: pytest.MonkeyPatch, rp_id: str, origins: str) -> None:
    expected = tuple(origin.strip() for origin in origins.split(","))
    assert party(monkeypatch, rp_id, origins) == RelyingParty(rp_id, expected)


@pytest.mark.parametrize(
    ("rp_id", "origins", "variable"),
    [
        ("shop.example", "https://evilshop.example", "PETPLUS_PASSKEY_ORIGINS"),
        ("shop.example", "https://shop.example.evil.example", "PETPLUS_PASSKEY_ORIGINS"),
        ("www.shop.example", "https://shop.example", "PETPLUS_PASSKEY_ORIGINS"),
        ("shop.example", "http://www.shop.example", "PETPLUS_PASSKEY_ORIGINS"),
        ("shop.example", "https://SHOP.example", "PETPLUS_PASSKEY_ORIGINS"),
        ("shop.example", f"{ANDROID}=", "PETPLUS_PASSKEY_ORIGINS"),
        ("shop.example", "", "PETPLUS_PASSKEY_ORIGINS"),
        ("example", "https://example", "PETPLUS_PASSKEY_RP_ID"),
        ("10.0.0.1", "https://10.0.0.1", "PETPLUS_PASSKEY_RP_ID"),
    ],
)
def test_origins_elsewhere_and_domains_that_are_none_are_refused(
    monkeypatch: pytest.MonkeyPatch, rp_id: str, origins: str, variable: str
) -> None:
    with pytest.raises(SettingsError, match=f"^{variable}"):
        party(monkeypatch, rp_id, origins)
