"""The cookie in which a browser keeps its refresh token, where the scripts of the page cannot read it.

A page asks for it with the header `x-petplus-session: cookie`, on each request that begins, continues or ends its
session. No page of another origin can send that header unasked, so that none can use the cookie
(https://cheatsheetseries.owasp.org/cheatsheets/Cross-Site_Request_Forgery_Prevention_Cheat_Sheet.html). The name's
prefix has browsers take the cookie from this host alone, over HTTPS or from the machine itself (RFC 6265bis, 4.1.3.2).
"""

from shared.graph.context import Context
from subgraphs.user.service.sessions import SESSION_DAYS

NAME = "__Host-petplus-refresh"
HEADER = "x-petplus-session"
IN_COOKIE = "cookie"
_ATTRIBUTES = "Path=/; Secure; HttpOnly; SameSite=Strict"
_SECONDS = SESSION_DAYS * 24 * 3600


def is_asked_for(context: Context) -> bool:
    """Tell whether the request keeps its session in the cookie."""
    return context.request is not None and context.request.headers.get(HEADER) == IN_COOKIE


def cookie_of(context: Context) -> str | None:
    """Return the refresh token that the request carries in the cookie."""
    if context.request is None or not is_asked_for(context):
        return None
    return context.request.cookies.get(NAME)


def keep(context: Context, refresh_token: str) -> None:
    """Put a refresh token into the cookie, instead of the one before."""
    context.set_cookie(f"{NAME}={refresh_token}; Max-Age={_SECONDS}; {_ATTRIBUTES}")


def forget(context: Context) -> None:
    """Remove the cookie, if the request carries it."""
    if cookie_of(context) is not None:
        context.set_cookie(f"{NAME}=; Max-Age=0; {_ATTRIBUTES}")
