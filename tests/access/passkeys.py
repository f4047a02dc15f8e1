"""A passkey of a customer."""

from tests.access.documents import LOGIN, REGISTER
from tests.support.authenticator import Authenticator
from tests.support.shop import Shop

PASSKEY = "mutation { passkeyRegistrationStart { ... on PasskeyRegistrationStartSuccess { options } } }"
LOGIN_START = "mutation { passkeyLoginStart { ... on PasskeyLoginStartSuccess { options } } }"


async def add_passkey(shop: Shop, owner: str) -> str:
    """Add a passkey, log in with it once, and return its id."""
    authenticator = Authenticator(origin=f"http://localhost:{shop.port}")
    options = (await shop.execute(PASSKEY, owner)).data["passkeyRegistrationStart"]["options"]
    added = await shop.execute(REGISTER, owner, response=authenticator.create(options))
    asked = (await shop.execute(LOGIN_START)).data["passkeyLoginStart"]["options"]
    logged_in = await shop.execute(LOGIN, response=authenticator.get(asked))
    assert logged_in.data["passkeyLogin"]["__typename"] == "PasskeyLoginSuccess"
    return str(added.data["passkeyRegister"]["passkey"]["id"])
