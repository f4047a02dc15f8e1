"""`User.scopes`: what the viewer's token opens, for the viewer alone."""

from shared.core.ids import new_id
from subgraphs.user.service.scopes import SCOPES_OF_ROLE
from tests.support.accounts import open_account
from tests.support.apps import Identities, Served

SCOPES = "query ($id: ID!) { user(id: $id) { scopes } }"


async def test_the_viewer_reads_what_their_token_opens(user: Served, people: Identities) -> None:
    account = await open_account(user)
    for role in SCOPES_OF_ROLE:
        shown = await user.execute("{ me { scopes } }", people.token(account.id, role))
        assert shown.data == {"me": {"scopes": sorted(SCOPES_OF_ROLE[role])}}


async def test_nobody_reads_what_the_token_of_another_opens(user: Served, people: Identities, admin: str) -> None:
    account = await open_account(user)
    for token in (admin, people.token(new_id("usr"))):
        answer = await user.execute(SCOPES, token, id=account.id)
        assert (answer.body["data"], answer.codes) == ({"user": {"scopes": None}}, ["FORBIDDEN"])
    anonymous = await user.execute(SCOPES, id=account.id)
    assert (anonymous.body["data"], anonymous.codes) == ({"user": None}, ["UNAUTHENTICATED"])
