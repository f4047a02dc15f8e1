"""The floor: endpoints written by hand for exactly these answers, with FastAPI, asyncpg and orjson.

Run by the benchmark as `uvicorn benchmarks.hot_path.contenders.handwritten:app`.
"""

import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import orjson
from fastapi import FastAPI, Request, Response

ORDERS = """
SELECT id, number, status, version, placed_at, currency, total_minor FROM "order".order_meta
ORDER BY placed_at DESC, id DESC LIMIT $1
"""
LINES = """
SELECT id, order_id, title, quantity, currency, unit_price_minor, total_minor FROM "order".order_line
WHERE order_id = ANY($1) ORDER BY position
"""
TIMELINE = """
SELECT order_id, version, status, at, reason FROM "order".order_timeline WHERE order_id = ANY($1) ORDER BY version
"""
USERS = 'SELECT id, name, email, avatar_url, roles, created_at FROM "user".user_profile WHERE id = ANY($1)'
DESIGNS = """
SELECT w.id AS parent, d.* FROM unnest($1::text[]) AS w(id), LATERAL (
  SELECT id, name, status, version, created_at, currency, price_minor FROM builder.saved_design
  WHERE owner_id = w.id AND status <> 'ARCHIVED' ORDER BY created_at DESC, id DESC LIMIT $2) AS d
ORDER BY 1, d.created_at DESC, d.id DESC
"""


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    async with asyncpg.create_pool(**json.loads(os.environ["BENCH_DATABASE"]), min_size=1, max_size=10) as pool:
        app.state.pool = pool
        yield


app = FastAPI(lifespan=lifespan, openapi_url=None)


@app.post("/Q1")
async def orders(request: Request) -> Response:
    pool = request.app.state.pool
    found = await pool.fetch(ORDERS, 21)
    ids = [row["id"] for row in found[:20]]
    lines: dict[str, list[Any]] = {key: [] for key in ids}
    for row in await pool.fetch(LINES, ids):
        lines[row["order_id"]].append(
            {
                "id": row["id"],
                "title": row["title"],
                "quantity": row["quantity"],
                "unitPrice": money(row["unit_price_minor"], row["currency"]),
                "total": money(row["total_minor"], row["currency"]),
            }
        )
    timeline: dict[str, list[Any]] = {key: [] for key in ids}
    for row in await pool.fetch(TIMELINE, ids):
        timeline[row["order_id"]].append(
            {"version": row["version"], "status": row["status"], "at": row["at"].isoformat(), "reason": row["reason"]}
        )
    edges = [
        {
            "node": {
                "id": row["id"],
                "number": row["number"],
                "status": row["status"],
                "version": row["version"],
                "placedAt": row["placed_at"].isoformat(),
                "total": money(row["total_minor"], row["currency"]),
                "lines": lines[row["id"]],
                "timeline": timeline[row["id"]],
            }
        }
        for row in found[:20]
    ]
    return answer({"orders": {"edges": edges, "pageInfo": {"hasNextPage": len(found) > 20}}})


@app.post("/Q2")
async def users(request: Request) -> Response:
    ids = [each["id"] for each in orjson.loads(await request.body())["variables"]["representations"]]
    found = {row["id"]: row for row in await request.app.state.pool.fetch(USERS, ids)}
    entities = [
        {
            "id": row["id"],
            "name": row["name"],
            "email": row["email"],
            "avatarUrl": row["avatar_url"],
            "roles": row["roles"],
            "createdAt": row["created_at"].isoformat(),
        }
        for row in map(found.__getitem__, ids)
    ]
    return answer({"_entities": entities})


@app.post("/Q3")
async def designs(request: Request) -> Response:
    ids = [each["id"] for each in orjson.loads(await request.body())["variables"]["representations"]]
    found: dict[str, list[Any]] = {key: [] for key in ids}
    for row in await request.app.state.pool.fetch(DESIGNS, ids, 6):
        found[row["parent"]].append(
            {
                "node": {
                    "id": row["id"],
                    "name": row["name"],
                    "status": row["status"],
                    "version": row["version"],
                    "createdAt": row["created_at"].isoformat(),
                    "price": money(row["price_minor"], row["currency"]),
                }
            }
        )
    entities = [
        {"id": key, "designs": {"edges": edges[:5], "pageInfo": {"hasNextPage": len(edges) > 5}}}
        for key, edges in found.items()
    ]
    return answer({"_entities": entities})


def money(minor: int, currency: str) -> dict[str, str]:
    amount = str(minor) if currency == "JPY" else f"{minor // 100}.{minor % 100:02}"
    return {"amount": amount, "currencyCode": currency}


def answer(data: Any) -> Response:
    return Response(orjson.dumps({"data": data}), media_type="application/json")
