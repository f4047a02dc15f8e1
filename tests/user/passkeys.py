"""What tests do with passkeys, as apps do it."""

from typing import Any

from tests.support.accounts import Account, log_in, open_account
from tests.support.apps import Served
from tests.support.authenticator import Authenticator

START = """
mutation {
  passkeyRegistrationStart {
    __typename ... on PasskeyRegistrationStartSuccess { options } ... on Problem { code message }
  }
}
"""
REGISTER = """
mutation ($response: String!, $name: String!) {
  passkeyRegister(input: { response: $response, name: $name }) {
    __typename
    ... on PasskeyRegisterSuccess { passkey { id name createdAt lastUsedAt backedUp version } }
    ... on Problem { code message }
    ... on InvalidInputProblem { fields { path code } }
  }
}
"""
LOGIN_START = "mutation { passkeyLoginStart { ... on PasskeyLoginStartSuccess { options } ... on Problem { code } } }"
LOGIN = """
mutation ($response: String!) {
  passkeyLogin(input: { response: $response, device: "Anna's phone" }) {
    __typename
    ... on PasskeyLoginSuccess { accessToken expiresIn refreshToken user { name } }
    ... on Problem { code message }
    ... on InvalidInputProblem { fields { path code } }
  }
}
"""
LIST = "{ me { passkeys { nodes { id name lastUsedAt backedUp version } totalCount } } }"


async def start(user: Served, token: str) -> str:
    """Return the options for a new passkey."""
    answer = (await user.execute(START, token)).data["passkeyRegistrationStart"]
    assert answer["__typename"] == "PasskeyRegistrationStartSuccess", answer
    return str(answer["options"])


async def register(user: Served, token: str, response: str, name: str = "Anna's phone") -> Any:
    """Register what an authenticator has made."""
    return (await user.execute(REGISTER, token, response=response, name=name)).data["passkeyRegister"]


async def add(user: Served, token: str, authenticator: Authenticator, name: str = "Anna's phone") -> str:
    """Add a passkey and return its id."""
    answer = await register(user, token, authenticator.create(await start(user, token)), name)
    assert answer["__typename"] == "PasskeyRegisterSuccess", answer
    return str(answer["passkey"]["id"])


async def with_passkey(user: Served, **settings: Any) -> tuple[Account, str, Authenticator]:
    """Open an account with a passkey; returns it, the access token of a session, and what has the passkey."""
    account = await open_account(user)
    token = str((await log_in(user, account))["accessToken"])
    authenticator = Authenticator(**settings)
    await add(user, token, authenticator)
    return account, token, authenticator


async def login_options(user: Served) -> str:
    """Return the options for a log-in."""
    return str((await user.execute(LOGIN_START)).data["passkeyLoginStart"]["options"])


async def login(user: Served, response: str) -> Any:
    """Log in with the answer of an authenticator."""
    return (await user.execute(LOGIN, response=response)).data["passkeyLogin"]


async def passkeys_of(user: Served, token: str) -> list[Any]:
    """Return the passkeys that somebody sees."""
    found: list[Any] = (await user.execute(LIST, token)).data["me"]["passkeys"]["nodes"]
    return found


REAUTHENTICATION_START = """
mutation {
  passkeyReauthenticationStart {
    __typename ... on PasskeyReauthenticationStartSuccess { options } ... on Problem { code }
  }
}
"""
REAUTHENTICATE = """
mutation ($response: String!) {
  passkeyReauthenticate(input: { response: $response }) {
    __typename ... on PasskeyReauthenticateSuccess { accessToken refreshToken } ... on Problem { code }
  }
}
"""


async def reauthentication_options(user: Served, token: str) -> str:
    """Return the options for a reauthentication."""
    return str((await user.execute(REAUTHENTICATION_START, token)).data["passkeyReauthenticationStart"]["options"])


async def reauthenticate(user: Served, token: str, response: str) -> Any:
    """Reauthenticate the owner of a session with the answer of an authenticator."""
    return (await user.execute(REAUTHENTICATE, token, response=response)).data["passkeyReauthenticate"]
