"""Links: who opens what, for how long, and that a closed one tells nothing."""

import asyncio
import datetime as dt
import hashlib
from typing import Any

from sqlalchemy import select, text, update

from shared.core.ids import is_id, new_id
from subgraphs.builder.models import DesignShare
from subgraphs.builder.service.designs import erase_designs_of
from subgraphs.builder.service.shares import MOST_SHARES, ShareViews
from tests.builder.support import Maker, config, events_of, run, stored
from tests.support.apps import Identities, Served

SHARE = """mutation ($input: DesignShareInput!) { result: designShare(input: $input) { __typename
  ... on DesignShareSuccess { token share { id mode views expiresAt revokedAt } }
  ... on Problem { code } ... on InvalidInputProblem { fields { path code } } } }"""
REVOKE = """mutation ($input: DesignShareRevokeInput!) { result: designShareRevoke(input: $input) { __typename
  ... on DesignShareRevokeSuccess { share { id revokedAt } } ... on Problem { code } } }"""
SHARED = """query ($token: String!) { sharedDesign(token: $token) {
  name mode price { amount } expiresAt product { title } previewUrl(size: 128)
  config { product text { content } } } }"""
SHARES = """query ($id: ID!) { design(id: $id) { name shares { totalCount nodes { id mode views } } } }"""


async def share(served: Served, token: str | None, design_id: str, **given: Any) -> Any:
    return (await served.execute(SHARE, token, input={"id": design_id, **given})).data["result"]


async def revoke(served: Served, token: str | None, share_id: str) -> Any:
    return (await served.execute(REVOKE, token, input={"id": share_id})).data["result"]


async def opened(served: Served, token: str) -> Any:
    body = {"query": SHARED, "variables": {"token": token}}
    answer = (await served.client.post("/graphql", json=body)).json()
    assert "errors" not in answer, answer
    return answer["data"]["sharedDesign"]


async def everything(served: Served) -> list[Any]:
    async with served.database.read() as connection:
        columns = [column for column in DesignShare.__table__.columns if column.key != "views"]
        links = (await connection.execute(select(*columns).order_by(DesignShare.id))).all()
    return [*await stored(served), links]


async def test_a_link_opens_the_design_to_anybody(
    builder: Served, make: Maker, customer: str, customer_id: str
) -> None:
    design = await make()
    made = await share(builder, customer, design["id"])
    assert made["__typename"] == "DesignShareSuccess"
    link = made["share"]
    assert is_id("shr", link["id"])
    assert (link["mode"], link["views"], link["revokedAt"]) == ("VIEW", 0, None)
    ends = dt.datetime.fromisoformat(link["expiresAt"]) - dt.datetime.now(dt.UTC)
    assert dt.timedelta(days=29, hours=23) < ends < dt.timedelta(days=30)
    shown = await opened(builder, made["token"])
    url = shown.pop("previewUrl")
    assert shown == {
        "name": "Rex's collar",
        "mode": "VIEW",
        "price": {"amount": "30.65"},
        "expiresAt": link["expiresAt"],
        "config": {"product": "COLLAR", "text": {"content": "Rex"}},
        "product": {"title": "Custom Collar"},
    }
    picture = await builder.client.get("/" + url.split("/", 3)[3])
    assert (picture.status_code, picture.headers["content-type"]) == (200, "image/png")
    assert picture.headers["cache-control"] == "private, max-age=31536000, immutable"
    reported = {"design_id": design["id"], "owner_id": customer_id, "share_id": link["id"]}
    assert (await events_of(builder, design["id"]))[1:] == [("design.shared", reported)]


async def test_only_a_digest_of_the_token_is_stored(builder: Served, make: Maker, customer: str) -> None:
    made = await share(builder, customer, (await make())["id"])
    token = made["token"]
    assert len(token) == 43
    async with builder.database.read() as connection:
        wanted = select(DesignShare.__table__).where(DesignShare.id == made["share"]["id"])
        row = (await connection.execute(wanted)).one()
    assert row.token_digest == hashlib.sha256(token.encode()).hexdigest()
    assert token not in str(row)
    others = [(await share(builder, customer, (await make())["id"]))["token"] for _ in range(20)]
    assert len({token, *others}) == 21


async def test_unknown_expired_and_revoked_tokens_are_answered_alike(
    builder: Served, make: Maker, customer: str
) -> None:
    design = await make()
    expired, revoked, archived = [await share(builder, customer, (await make())["id"]) for _ in range(3)]
    fresh = await share(builder, customer, design["id"], mode="COPY")
    async with builder.database.write() as session:
        past = dt.datetime.now(dt.UTC) - dt.timedelta(seconds=1)
        await session.execute(
            update(DesignShare).where(DesignShare.id == expired["share"]["id"]).values(expires_at=past)
        )
    assert (await revoke(builder, customer, revoked["share"]["id"]))["share"]["revokedAt"] is not None
    async with builder.database.read() as connection:
        gone = await connection.scalar(select(DesignShare.design_id).where(DesignShare.id == archived["share"]["id"]))
    await run(builder, "designDelete", customer, id=gone, version=1)
    before = await everything(builder)
    wrong = ("", "x", "A" * 43, fresh["token"][:-1], fresh["token"] + "A", "ä" * 43, "x" * 100_000, new_id("shr"))
    tokens = [expired["token"], revoked["token"], archived["token"], *wrong]
    for token in tokens:
        assert await opened(builder, token) is None
        copied = await run(builder, "designCreateFromShare", customer, token=token)
        assert (copied["__typename"], copied["code"]) == ("NotFoundProblem", "NOT_FOUND")
        if token and len(token) < 1000:
            answer = await builder.client.get(f"/shared/{token}/preview.png")
            assert answer.status_code == 404
    assert await everything(builder) == before
    assert await opened(builder, fresh["token"]) is not None


async def test_a_link_for_copying_gives_a_draft_of_ones_own(
    builder: Served, make: Maker, customer: str, stranger: str
) -> None:
    design = await make()
    link = await share(builder, customer, design["id"], mode="COPY", days=None)
    assert link["share"]["expiresAt"] is None
    given = {"token": link["token"], "idempotencyKey": "once"}
    copy = (await run(builder, "designCreateFromShare", stranger, **given))["design"]
    assert copy["id"] != design["id"]
    assert copy["owner"] != design["owner"]
    same = ("name", "config", "price", "status", "version")
    assert {name: copy[name] for name in same} == {name: design[name] for name in same}
    again = await run(builder, "designCreateFromShare", stranger, **given)
    assert again["design"]["id"] == copy["id"]
    named = await run(builder, "designCreateFromShare", stranger, token=link["token"], name="Mine")
    assert named["design"]["name"] == "Mine"


async def test_a_link_for_viewing_does_not_copy(builder: Served, make: Maker, customer: str, stranger: str) -> None:
    link = await share(builder, customer, (await make())["id"])
    before = await everything(builder)
    refused = await run(builder, "designCreateFromShare", stranger, token=link["token"], idempotencyKey="k")
    assert (refused["__typename"], refused["code"]) == ("IllegalStateProblem", "ILLEGAL_STATE")
    copied = builder.execute(
        "mutation ($t: String!) { designCreateFromShare(input: { token: $t }) { __typename } }", t=link["token"]
    )
    assert (await copied).codes == ["UNAUTHENTICATED"]
    assert await everything(builder) == before


async def test_only_the_owner_shares_and_sees_the_links(
    builder: Served, make: Maker, customer: str, stranger: str, support: str, admin: str
) -> None:
    design = await make()
    link = (await share(builder, customer, design["id"]))["share"]
    before = await everything(builder)
    for token in (stranger, support, admin):
        refused = await share(builder, token, design["id"])
        assert (refused["__typename"], refused["code"]) == ("NotFoundProblem", "NOT_FOUND")
    assert (await builder.execute(SHARE, None, input={"id": design["id"]})).codes == ["UNAUTHENTICATED"]
    assert (await revoke(builder, stranger, link["id"]))["__typename"] == "NotFoundProblem"
    assert (await builder.execute(REVOKE, support, input={"id": link["id"]})).codes == ["FORBIDDEN"]
    for token in (support, admin):
        answer = await builder.execute(SHARES, token, id=design["id"])
        assert (answer.body["data"]["design"], answer.codes) == (
            {"name": "Rex's collar", "shares": None},
            ["FORBIDDEN"],
        )
    assert await everything(builder) == before
    shown = (await builder.execute(SHARES, customer, id=design["id"])).data["design"]["shares"]
    assert shown == {"totalCount": 1, "nodes": [{"id": link["id"], "mode": "VIEW", "views": 0}]}
    assert (await revoke(builder, admin, link["id"]))["__typename"] == "DesignShareRevokeSuccess"


async def test_revoking_again_changes_nothing(builder: Served, make: Maker, customer: str) -> None:
    design = await make()
    link = (await share(builder, customer, design["id"]))["share"]
    first = await revoke(builder, customer, link["id"])
    before = await everything(builder)
    assert await revoke(builder, customer, link["id"]) == first
    assert await everything(builder) == before
    assert [kind for kind, _ in await events_of(builder, design["id"])] == [
        *("design.created", "design.shared", "design.share_revoked")
    ]


async def test_a_retried_request_gets_the_same_token(builder: Served, make: Maker, customer: str) -> None:
    design = await make()
    asked = [share(builder, customer, design["id"], idempotencyKey="k") for _ in range(5)]
    made = await asyncio.gather(*asked)
    assert all(it == made[0] for it in made)
    assert await opened(builder, made[0]["token"]) is not None
    reused = await share(builder, customer, design["id"], idempotencyKey="k", mode="COPY")
    assert reused["fields"] == [{"path": "input.idempotencyKey", "code": "KEY_REUSED"}]


async def test_wrong_terms_are_refused(builder: Served, make: Maker, customer: str) -> None:
    design, archived = await make(), await make()
    await run(builder, "designDelete", customer, id=archived["id"], version=1)
    before = await everything(builder)
    for days in (0, -1, 366, 2**31 - 1):
        refused = await share(builder, customer, design["id"], days=days)
        assert refused["fields"] == [{"path": "input.days", "code": "OUT_OF_RANGE"}]
    assert (await share(builder, customer, archived["id"]))["__typename"] == "IllegalStateProblem"
    for key in (new_id("des"), "x", ""):
        assert (await share(builder, customer, key))["__typename"] == "NotFoundProblem"
    assert await everything(builder) == before


async def test_a_design_has_only_so_many_open_links(builder: Served, make: Maker, customer: str) -> None:
    design = await make()
    made = [await share(builder, customer, design["id"]) for _ in range(MOST_SHARES)]
    assert (await share(builder, customer, design["id"]))["__typename"] == "IllegalStateProblem"
    await revoke(builder, customer, made[0]["share"]["id"])
    assert (await share(builder, customer, design["id"]))["__typename"] == "DesignShareSuccess"


async def test_views_are_counted_without_a_write_for_each(builder: Served, make: Maker, customer: str) -> None:
    design = await make()
    made = await share(builder, customer, design["id"])
    with builder.statements() as sent:
        for _ in range(5):
            assert await opened(builder, made["token"]) is not None
    assert [it for it in sent if not it.startswith("SELECT")] == []
    with builder.statements() as sent:
        await builder.runtime.resource(ShareViews).flush()
    assert len(sent) == 1
    shown = (await builder.execute(SHARES, customer, id=design["id"])).data["design"]["shares"]
    assert shown["nodes"][0]["views"] == 5


async def test_links_of_many_designs_cost_what_those_of_one_do(builder: Served, make: Maker, customer: str) -> None:
    for _ in range(4):
        design = await make()
        for _ in range(2):
            await share(builder, customer, design["id"])
    counts = []
    for first in (1, 4):
        with builder.statements() as sent:
            query = f"{{ designs(first: {first}) {{ nodes {{ shares {{ totalCount nodes {{ id }} }} }} }} }}"
            nodes = (await builder.execute(query, customer)).data["designs"]["nodes"]
        assert [node["shares"]["totalCount"] for node in nodes] == [2] * first
        counts.append(len(sent))
    assert counts == [3, 3]


async def test_erasing_the_owner_closes_the_links(
    builder: Served, make: Maker, customer: str, customer_id: str, people: Identities
) -> None:
    other = await Maker(builder, people.token(new_id("usr")))()
    made = await share(builder, customer, (await make())["id"])
    async with builder.database.write() as session:
        await erase_designs_of(session, customer_id)
    assert await opened(builder, made["token"]) is None
    async with builder.database.read() as connection:
        left = text("SELECT count(*) FROM design_share WHERE id = :id")
        assert await connection.scalar(left, {"id": made["share"]["id"]}) == 0
        assert await connection.scalar(text("SELECT count(*) FROM saved_design WHERE id = :id"), {"id": other["id"]})


async def test_what_is_no_longer_offered_is_not_copied(builder: Served, make: Maker, customer: str) -> None:
    design = await make(config=config(text=None))
    link = await share(builder, customer, design["id"], mode="COPY")
    async with builder.database.write() as session:
        worn = text("UPDATE saved_design SET config = jsonb_set(config, '{primary_color}', '\"WHITE\"') WHERE id = :id")
        await session.execute(worn, {"id": design["id"]})
    before = await everything(builder)
    refused = await run(builder, "designCreateFromShare", customer, token=link["token"])
    assert refused["__typename"] == "IllegalStateProblem"
    assert await everything(builder) == before
