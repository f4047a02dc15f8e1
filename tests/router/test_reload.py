"""The supergraph while the router runs: it is looked at again, and the last good one stays."""

import json
import shutil
import subprocess
from pathlib import Path

from petplus.local.node import ROUTER, find_node
from tests.router.servers import Testbed
from tests.support.waiting import TEST_TIMEOUT, eventually

READ_THRICE = """
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { supergraphReader } from "./gateway/supergraph.mjs";
const path = process.argv[1];
const good = readFileSync(path, "utf8");
const read = supergraphReader(path);
const answers = [await read()];
writeFileSync(path, "type Query {");
answers.push(await read(), await read());
writeFileSync(path, "type Query { plain: Int }");
answers.push(await read());
rmSync(path);
answers.push(await read());
console.log(JSON.stringify(answers.map((answer) => answer === good)));
"""


def test_a_supergraph_that_cannot_be_used_is_reported_and_changes_nothing(toy_supergraph: Path, tmp_path: Path) -> None:
    supergraph = shutil.copy(toy_supergraph, tmp_path)
    command = [str(find_node().binary), "--input-type=module", "--eval", READ_THRICE, str(supergraph)]
    done = subprocess.run(command, cwd=ROUTER, capture_output=True, text=True, check=True, timeout=TEST_TIMEOUT)
    assert json.loads(done.stdout) == [True] * 5
    assert [json.loads(line)["error"]["name"] for line in done.stderr.splitlines()] == [
        "GraphQLError",
        "Error",
        "Error",
    ]


async def test_a_new_supergraph_is_taken_and_ends_subscriptions_with_a_coded_error(
    testbed: Testbed, tmp_path: Path
) -> None:
    supergraph = Path(shutil.copy(testbed.supergraph, tmp_path))
    other = Testbed(supergraph, ports=testbed.ports)
    try:
        other.start_router()
        async with other.follow("reloaded") as payloads:
            await other.until_watched_by(1)
            _replace(supergraph, "The caller.", "Whoever calls.")
            await _until_described(other, "Whoever calls.")
            [last] = [payload async for payload in payloads]
        assert last["errors"][0]["extensions"] == {"code": "SUBSCRIPTION_INTERRUPTED", "service": "order"}
    finally:
        other.stop()


def _replace(path: Path, old: str, new: str) -> None:
    path.write_text(path.read_text().replace(old, new))


async def _until_described(testbed: Testbed, description: str) -> None:
    """Asks until the graph says so; the router looks for a new supergraph when it is asked, every ten seconds."""

    async def described() -> bool:
        answer = await testbed.execute('{ __type(name: "Query") { fields { description } } }')
        return {"description": description} in answer["data"]["__type"]["fields"]

    await eventually(described, pause=0.2)
