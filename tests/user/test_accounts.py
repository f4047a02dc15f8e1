"""Accounts through the user subgraph's own endpoint: who sees what, profiles, roles, copies of one's data, the end."""

import asyncio
import json
from typing import Any

from sqlalchemy import update

from shared.core.ids import new_id
from shared.security.pseudonyms import Pseudonymizer
from subgraphs.user.models import UserProfile
from tests.support.accounts import LOG_IN, PASSWORD, log_in, open_account
from tests.support.apps import Identities, Served
from tests.user.events import published

SET_ROLES = """
mutation ($id: ID!, $version: Int!, $roles: [Role!]!) {
  userRolesSet(input: { userId: $id, version: $version, roles: $roles }) {
    __typename ... on UserRolesSetSuccess { user { roles } } ... on Problem { code }
  }
}
"""
DELETE = """
mutation ($password: String!) {
  accountDelete(input: { password: $password }) { __typename ... on Problem { code } }
}
"""
EXPORT = """
mutation {
  accountExport { ... on AccountExportSuccess { filename document user { name email } } ... on Problem { code } }
}
"""


async def test_a_log_in_gives_a_token_that_says_who_asks(user: Served) -> None:
    account = await open_account(user)
    session = await log_in(user, account)
    assert session["expiresIn"] == 900
    me = await user.execute(
        "{ me { email version sessions(first: 5) { nodes { device current } } } }", session["accessToken"]
    )
    shown = {"email": account.email, "version": 1, "sessions": {"nodes": [{"device": "Anna's phone", "current": True}]}}
    assert me.data == {"me": shown}


async def test_a_stranger_learns_nothing_of_an_account(user: Served, stranger: str) -> None:
    made = await open_account(user)
    query = (
        "query ($id: ID!) { user(id: $id) { id name email preferences { locale } sessions(first: 5) { totalCount } } }"
    )
    answers = [await user.execute(query, stranger, id=key) for key in (made.id, new_id("usr"))]
    assert [answer.codes for answer in answers] == [["FORBIDDEN"] * 4] * 2
    for answer in answers:
        hidden = answer.body["data"]["user"]
        assert [hidden[name] for name in ("name", "email", "preferences", "sessions")] == [None] * 4


async def test_references_cost_one_statement_for_any_number(user: Served, support: str) -> None:
    made = [(await open_account(user)).id for _ in range(3)]
    query = "query ($r: [_Any!]!) { _entities(representations: $r) { ... on User { id name } } }"
    for count in (1, 10, 100):
        keys = (made * count)[:count]
        representations = [{"__typename": "User", "id": key} for key in keys]
        with user.statements() as sent:
            answer = await user.execute(query, support, r=representations)
        assert [entity["id"] for entity in answer.data["_entities"]] == keys
        assert len(sent) == 1


async def test_staff_page_through_users(user: Served, support: str) -> None:
    name = new_id("usr")
    ids = [(await open_account(user, name=name)).id for _ in range(3)]
    query = """
    query ($search: String!, $after: String) {
      users(filter: { search: $search }, first: 2, after: $after) {
        totalCount nodes { id } pageInfo { hasNextPage hasPreviousPage endCursor }
      }
    }"""
    first = (await user.execute(query, support, search=name)).data["users"]
    assert [node["id"] for node in first["nodes"]] == ids[::-1][:2]
    assert (first["totalCount"], first["pageInfo"]["hasNextPage"]) == (3, True)
    second = (await user.execute(query, support, search=name, after=first["pageInfo"]["endCursor"])).data["users"]
    assert [node["id"] for node in second["nodes"]] == [ids[0]]
    assert (second["pageInfo"]["hasNextPage"], second["pageInfo"]["hasPreviousPage"]) == (False, True)


async def test_a_stale_version_is_a_conflict_and_changes_nothing(user: Served) -> None:
    token = (await log_in(user, await open_account(user)))["accessToken"]
    change = """
    mutation ($version: Int!, $name: String!) {
      profileUpdate(input: { version: $version, name: $name }) {
        __typename ... on ProfileUpdateSuccess { user { name version } } ... on ConflictProblem { code currentVersion }
      }
    }"""
    changed = (await user.execute(change, token, version=1, name="Berta")).data["profileUpdate"]
    assert changed["user"] == {"name": "Berta", "version": 2}
    stale = (await user.execute(change, token, version=1, name="Clara")).data["profileUpdate"]
    assert stale == {"__typename": "ConflictProblem", "code": "VERSION_CONFLICT", "currentVersion": 2}
    assert (await user.execute("{ me { name } }", token)).data == {"me": {"name": "Berta"}}


async def test_new_roles_end_the_sessions_with_the_old_ones(user: Served, admin: str) -> None:
    account = await open_account(user)
    session = await log_in(user, account)
    given = {"id": account.id, "version": 1, "roles": ["SUPPORT"]}
    assert (await user.execute(SET_ROLES, admin, **given)).data["userRolesSet"]["user"] == {"roles": ["SUPPORT"]}
    assert (await user.execute("{ me { id } }", session["accessToken"])).status == 401
    again = await log_in(user, account)
    assert (await user.execute("{ users(first: 1) { totalCount } }", again["accessToken"])).data
    events = await published(user, account.id)
    assert events["user.roles_set"] == [{"user_id": account.id, "roles": ["SUPPORT"], "previous_roles": ["CUSTOMER"]}]
    assert [event["why"] for event in events["user.session_ended"]] == ["ROLES_CHANGED"]


async def test_the_last_administrator_stays_one(user: Served, people: Identities, admin: str) -> None:
    async with user.database.write() as session:
        await session.execute(update(UserProfile).values(roles=["CUSTOMER"]))
    first, second = await open_account(user), await open_account(user)
    for account in (first, second):
        given = {"id": account.id, "version": 1, "roles": ["ADMIN"]}
        assert (await user.execute(SET_ROLES, admin, **given)).data["userRolesSet"]["__typename"].endswith("Success")
    # Each takes the role from the other at the same moment: one of them comes second, and is the last.
    answers = await asyncio.gather(
        *[
            user.execute(SET_ROLES, people.token(by.id, "ADMIN"), id=of.id, version=2, roles=["CUSTOMER"])
            for by, of in ((first, second), (second, first))
        ]
    )
    kinds = [answer.data["userRolesSet"]["__typename"] for answer in answers]
    assert sorted(kinds) == ["IllegalStateProblem", "UserRolesSetSuccess"]
    last = first if kinds[0] == "UserRolesSetSuccess" else second
    refused = await user.execute(DELETE, people.token(last.id, "ADMIN"), password=PASSWORD)
    assert refused.data["accountDelete"] == {"__typename": "IllegalStateProblem", "code": "ILLEGAL_STATE"}
    query = "query ($id: ID!) { user(id: $id) { roles } }"
    assert (await user.execute(query, admin, id=last.id)).data == {"user": {"roles": ["ADMIN"]}}


async def test_a_copy_of_ones_data_holds_them_and_no_secret(user: Served, stranger: str) -> None:
    account = await open_account(user)
    session = await log_in(user, account)
    copy = (await user.execute(EXPORT, session["accessToken"])).data["accountExport"]
    assert (copy["filename"], copy["user"]) == (f"{account.id}.json", {"name": "Anna", "email": account.email})
    held: dict[str, Any] = json.loads(copy["document"])
    of_account = {"exportedAt", "profile", "preferences", "passwordChangedAt", "sessions"}
    of_account |= {
        "devices",
        "pushes",
        "avatar",
        "addresses",
        "pets",
        "secondFactors",
        "recoveryCodes",
        "openLogIns",
        "passkeys",
    }
    assert set(held) == of_account
    assert (held["profile"]["email"], held["preferences"]["currency"]) == (account.email, "EUR")
    assert [each["device"] for each in held["sessions"]] == ["Anna's phone"]
    assert "argon2" not in copy["document"]
    assert "hash" not in copy["document"]
    assert list(await published(user, account.id, "user.exported")) == ["user.exported"]
    assert (await user.execute(EXPORT)).data["accountExport"] == {"code": "UNAUTHENTICATED"}
    assert (await user.execute(EXPORT, stranger)).data["accountExport"] == {"code": "NOT_FOUND"}


async def test_a_deleted_account_leaves_no_session_behind(user: Served) -> None:
    account = await open_account(user)
    sessions = [await log_in(user, account) for _ in range(2)]
    digest = user.runtime.resource(Pseudonymizer).of_email(account.email)
    gone = await user.execute(DELETE, sessions[0]["accessToken"], password=account.password)
    assert gone.data["accountDelete"]["__typename"] == "AccountDeleteSuccess"
    for session in sessions:
        assert (await user.execute("{ me { id } }", session["accessToken"])).status == 401
    again = (await user.execute(LOG_IN, email=account.email, password=account.password)).data["sessionCreate"]
    assert again["code"] == "WRONG_CREDENTIALS"
    reported = (await published(user, account.id))["user.deleted"]
    assert reported == [{"user_id": account.id, "email_digest": digest, "email_verified": True}]


async def test_users_are_found_by_the_beginnings_of_words(user: Served, support: str) -> None:
    unique = new_id("nam").rpartition("_")[2]
    account = await open_account(user, name=f"Zoë {unique}")
    query = "query ($search: String!) { users(filter: { search: $search }) { totalCount nodes { id } } }"
    for search, ids in (
        (unique, [account.id]),
        (f"ZOE {unique[:-2].upper()}", [account.id]),
        (account.email, [account.id]),
        (unique[1:], []),
        (f"{unique} other", []),
        ("%", []),
    ):
        listed = (await user.execute(query, support, search=search)).data["users"]
        assert ([node["id"] for node in listed["nodes"]], listed["totalCount"]) == (ids, len(ids)), search
    token = (await log_in(user, account))["accessToken"]
    deleted = await user.execute(DELETE, token, password=account.password)
    assert deleted.data["accountDelete"]["__typename"] == "AccountDeleteSuccess"
    assert (await user.execute(query, support, search=unique)).data["users"]["totalCount"] == 0
