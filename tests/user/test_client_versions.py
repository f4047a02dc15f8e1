"""Releases of apps: each is told whether it still works, by a setting that is checked at the start."""

import pytest

from shared.core.settings import SettingsError
from subgraphs.user.service.client_versions import ClientVersions
from subgraphs.user.settings import ClientSettings
from tests.support.apps import Served

ASK = """query ($app: String!, $version: String!) {
  clientConfig(app: $app, version: $version) { minimumVersion supported }
}"""
MINIMUM = ClientSettings(minimum_app_versions="mobile=1.4.0, kiosk=2")


async def test_by_default_no_release_is_too_old(user: Served) -> None:
    shown = await user.execute(ASK, app="mobile", version="0.0.1")
    assert shown.data == {"clientConfig": {"minimumVersion": None, "supported": True}}


@pytest.mark.parametrize(
    ("app", "version", "supported"),
    [
        ("mobile", "1.3.99", False),
        ("mobile", "1.4", True),
        ("mobile", "1.4.0", True),
        ("mobile", "1.4.0-beta.2", True),
        ("mobile", "1.10.0+412", True),
        ("kiosk", "1.999", False),
        ("kiosk", "2.0.0.1", True),
        ("another", "0", True),
    ],
)
async def test_a_release_is_compared_number_by_number(
    user: Served, monkeypatch: pytest.MonkeyPatch, app: str, version: str, supported: bool
) -> None:
    monkeypatch.setitem(user.runtime.resources, ClientVersions, ClientVersions(MINIMUM))
    shown = (await user.execute(ASK, app=app, version=version)).data["clientConfig"]
    minimum = {"mobile": "1.4.0", "kiosk": "2"}.get(app)
    assert shown == {"minimumVersion": minimum, "supported": supported}


@pytest.mark.parametrize("version", ["", "one", "1.", "1..2", "1.2.3.4.5", "1" * 10, "1.4.0 beta", "\u0661"])
async def test_what_is_no_version_is_refused(user: Served, version: str) -> None:
    refused = await user.execute(ASK, app="mobile", version=version)
    assert refused.codes == ["INVALID_INPUT"]
    [wrong] = refused.body["errors"][0]["extensions"]["fields"]
    assert (wrong["path"], wrong["code"]) == ("version", "INVALID_VERSION")


@pytest.mark.parametrize("text", ["mobile", "mobile=", "mobile=one", "mobile=1,mobile=2", "Mobile=1", "a=1;b=2"])
def test_a_wrong_setting_stops_the_start(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("PETPLUS_MINIMUM_APP_VERSIONS", text)
    with pytest.raises(SettingsError, match="PETPLUS_MINIMUM_APP_VERSIONS"):
        ClientSettings.load()
