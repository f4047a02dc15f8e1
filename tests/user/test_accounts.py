"""Accounts through the user subgraph's own endpoint."""

from shared.ids import is_id, new_id
from tests.support.apps import Served

REGISTER = """
mutation ($input: AccountRegisterInput!) {
  accountRegister(input: $input) {
    __typename
    ... on AccountRegisterSuccess { user { id name email roles version preferences { locale currency } } }
    ... on Problem { code message }
    ... on InvalidInputProblem { fields { path code } }
  }
}
"""

LOG_IN = """
mutation ($email: String!, $password: String!) {
  sessionCreate(input: { email: $email, password: $password, device: "Anna's phone" }) {
    __typename
    ... on SessionCreateSuccess { accessToken expiresIn user { name } }
    ... on Problem { code message }
  }
}
"""


def account(**changes: str) -> dict[str, str]:
    return {"email": f"{new_id('usr')}@example.com", "name": "Anna", "password": "correct horse", **changes}


async def test_registering_makes_a_customer_with_preferences(user: Served) -> None:
    given = account(name="  Anna  ")
    made = (await user.execute(REGISTER, input=given)).data["accountRegister"]
    assert is_id("usr", made["user"].pop("id"))
    assert made == {
        "__typename": "AccountRegisterSuccess",
        "user": {
            "name": "Anna",
            "email": given["email"],
            "roles": ["CUSTOMER"],
            "version": 1,
            "preferences": {"locale": "en-GB", "currency": "EUR"},
        },
    }


async def test_a_second_account_with_the_same_address_is_refused(user: Served) -> None:
    given = account()
    await user.execute(REGISTER, input=given)
    again = (await user.execute(REGISTER, input=given | {"email": given["email"].upper()})).data["accountRegister"]
    assert again["__typename"] == "InvalidInputProblem"
    assert again["fields"] == [{"path": "input.email", "code": "TAKEN"}]


async def test_every_broken_rule_is_named(user: Served) -> None:
    given = {"email": "nobody", "name": "a\tb", "password": "short"}
    made = (await user.execute(REGISTER, input=given)).data["accountRegister"]
    assert made["fields"] == [
        {"path": "input.email", "code": "INVALID_EMAIL"},
        {"path": "input.name", "code": "CONTROL_CHARACTER"},
        {"path": "input.password", "code": "TOO_SHORT"},
    ]


async def test_a_log_in_gives_a_token_that_says_who_asks(user: Served) -> None:
    given = account()
    await user.execute(REGISTER, input=given)
    session = (await user.execute(LOG_IN, email=given["email"], password=given["password"])).data["sessionCreate"]
    assert session["expiresIn"] == 900
    me = await user.execute("{ me { email sessions { device current } } }", session["accessToken"])
    assert me.data == {
        "me": {"email": given["email"], "sessions": [{"device": "Anna's phone", "current": True}]},
    }


async def test_a_wrong_password_and_an_unknown_account_look_the_same(user: Served) -> None:
    given = account()
    await user.execute(REGISTER, input=given)
    wrong = (await user.execute(LOG_IN, email=given["email"], password="wrong password")).data
    unknown = (await user.execute(LOG_IN, email="nobody@example.com", password="wrong password")).data
    assert wrong == unknown
    assert wrong["sessionCreate"]["code"] == "WRONG_CREDENTIALS"


async def test_a_stranger_learns_nothing_of_an_account(user: Served, stranger: str) -> None:
    made = (await user.execute(REGISTER, input=account())).data["accountRegister"]["user"]
    query = "query ($id: ID!) { user(id: $id) { id name email preferences { locale } sessions { id } } }"
    answers = [await user.execute(query, stranger, id=key) for key in (made["id"], new_id("usr"))]
    assert [answer.codes for answer in answers] == [["FORBIDDEN"] * 4] * 2
    for answer in answers:
        hidden = answer.body["data"]["user"]
        assert [hidden[name] for name in ("name", "email", "preferences", "sessions")] == [None] * 4


async def test_references_cost_one_statement_for_any_number(user: Served, support: str) -> None:
    made = [(await user.execute(REGISTER, input=account())).data["accountRegister"]["user"]["id"] for _ in range(3)]
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
    ids = [
        (await user.execute(REGISTER, input=account(name=name))).data["accountRegister"]["user"]["id"] for _ in range(3)
    ]
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
    given = account()
    await user.execute(REGISTER, input=given)
    token = (await user.execute(LOG_IN, email=given["email"], password=given["password"])).data["sessionCreate"][
        "accessToken"
    ]
    update = """
    mutation ($version: Int!, $name: String!) {
      profileUpdate(input: { version: $version, name: $name }) {
        __typename ... on ProfileUpdateSuccess { user { name version } } ... on ConflictProblem { code currentVersion }
      }
    }"""
    changed = (await user.execute(update, token, version=1, name="Berta")).data["profileUpdate"]
    assert changed["user"] == {"name": "Berta", "version": 2}
    stale = (await user.execute(update, token, version=1, name="Clara")).data["profileUpdate"]
    assert stale == {"__typename": "ConflictProblem", "code": "VERSION_CONFLICT", "currentVersion": 2}
    assert (await user.execute("{ me { name } }", token)).data == {"me": {"name": "Berta"}}
