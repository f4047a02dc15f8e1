"""The fair queue: few are admitted at once, networks take turns, and no place is ever lost."""

import asyncio
import json
import random
import subprocess
from collections import Counter
from collections.abc import Sequence
from typing import Literal, TypeAlias

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from petplus.local.node import ROUTER, find_node
from shared.core.errors import TooManyRequests
from shared.security.client_network import site_of
from shared.security.fair_queue import RETRY_AFTER_SECONDS, WAITING_SHARE, FairQueue, Place
from tests.support.properties import examples
from tests.support.waiting import TEST_TIMEOUT

Move: TypeAlias = tuple[Literal["enter", "leave"], int]

AT_ONCE, OF_SITE, WAITING = 4, 2, 8
NETWORKS = ("192.0.2.1", "192.0.2.2", "2001:db8:1:1::/64", "2001:db8:1:2::/64", "2001:db8:2:1::/64")
MOVES = st.tuples(st.sampled_from(["enter", "enter", "leave"]), st.integers(0, 30))

REPLAY = """
import { FairQueue } from "./gateway/fair-queue.mjs";
const { atOnce, waiting, networks, games } = JSON.parse(await new Response(process.stdin).text());
async function play(moves) {
  const queue = new FairQueue(atOnce, waiting);
  const places = [];
  const states = [];
  for (const [kind, value] of moves) {
    if (kind === "enter") {
      const place = queue.enter(networks[value % networks.length], 600_000);
      const entry = { place, state: "waiting" };
      void place.turn.then((isAdmitted) => {
        if (entry.state === "waiting") entry.state = isAdmitted ? "admitted" : "refused";
      });
      places.push(entry);
    } else if (places.length > 0) {
      const entry = places[value % places.length];
      if (entry.state !== "refused") entry.state = "left";
      entry.place.leave();
    }
    await new Promise(setImmediate);
    states.push(places.map(({ state }) => state));
  }
  for (const { place } of places) place.leave();
  return states;
}
const played = [];
for (const moves of games) played.push(await play(moves));
process.stdout.write(JSON.stringify(played));
"""


class Game:
    """Clients that enter a queue and leave it."""

    def __init__(self) -> None:
        self.queue = FairQueue(AT_ONCE, WAITING, OF_SITE)
        self.networks: list[str] = []
        self.entering: list[asyncio.Task[Place]] = []
        self.left: set[int] = set()

    def move(self, kind: str, value: int) -> None:
        if kind == "enter":
            self.networks.append(NETWORKS[value % len(NETWORKS)])
            self.entering.append(asyncio.create_task(self.queue.enter(self.networks[-1], TEST_TIMEOUT)))
        elif self.entering:
            self.leave(value % len(self.entering))

    def leave(self, number: int) -> None:
        """Leave as a client does: by the end of what it was admitted for, or while it waits."""
        task = self.entering[number]
        if self.state(number) != "refused":
            self.left.add(number)
        if not task.done():
            task.cancel()
        elif not task.cancelled() and task.exception() is None:
            task.result().leave()

    def state(self, number: int) -> str:
        task = self.entering[number]
        if number in self.left:
            return "left"
        if not task.done():
            return "waiting"
        return "refused" if task.exception() else "admitted"

    def states(self) -> list[str]:
        return [self.state(number) for number in range(len(self.entering))]

    def of(self, state: str) -> list[str]:
        return [network for network, found in zip(self.networks, self.states(), strict=True) if found == state]

    async def catch_up(self) -> None:
        for _ in range(4):
            await asyncio.sleep(0)


async def play(moves: Sequence[Move]) -> list[list[str]]:
    """Return the states of all who have entered after each move."""
    game, states = Game(), []
    for kind, value in moves:
        game.move(kind, value)
        await game.catch_up()
        states.append(game.states())
    return states


@settings(max_examples=examples(100), deadline=None)
@given(st.lists(st.tuples(MOVES, st.booleans()), max_size=60))
def test_nothing_is_beyond_its_bound_nobody_waits_beside_a_free_place_and_none_is_lost(
    moves: list[tuple[Move, bool]],
) -> None:
    async def run() -> None:
        game = Game()
        for (kind, value), pauses in moves:
            game.move(kind, value)
            # Without it, somebody is given a turn and leaves at once, or leaves before having entered.
            if not pauses:
                continue
            await game.catch_up()
            admitted, waiting = game.of("admitted"), game.of("waiting")
            sites = Counter(map(site_of, admitted))
            assert len(admitted) <= AT_ONCE
            assert max(sites.values(), default=0) <= OF_SITE
            assert len(waiting) <= WAITING
            assert max(Counter(waiting).values(), default=0) <= WAITING // WAITING_SHARE
            free = len(admitted) < AT_ONCE
            assert not [network for network in waiting if free and sites[site_of(network)] < OF_SITE]
        await game.catch_up()
        for number in range(len(game.entering)):
            game.leave(number)
            await game.catch_up()
        for number in range(AT_ONCE):
            await asyncio.wait_for(game.queue.enter(f"203.0.113.{number}", 0), TEST_TIMEOUT)

    asyncio.run(run())


@settings(max_examples=examples(50), deadline=None)
@given(st.lists(st.integers(0, len(NETWORKS) - 1), min_size=AT_ONCE, max_size=40))
def test_whoever_was_admitted_least_often_is_next(entering: list[int]) -> None:
    async def run() -> None:
        game, admitted = Game(), Counter[str]()
        for network in entering:
            game.move("enter", network)
            await game.catch_up()
        admitted.update(map(site_of, game.of("admitted")))
        while "admitted" in game.states():
            waiting, before = game.of("waiting"), game.states()
            game.leave(before.index("admitted"))
            await game.catch_up()
            after = game.states()
            new = [number for number, state in enumerate(after) if (before[number], state) == ("waiting", "admitted")]
            holding = Counter(
                site_of(game.networks[number])
                for number, state in enumerate(before)
                if number not in new and after[number] == "admitted" and state
            )
            ready = {site_of(network) for network in waiting if holding[site_of(network)] < OF_SITE}
            for number in new:
                site = site_of(game.networks[number])
                assert admitted[site] == min(admitted[each] for each in ready)
                admitted[site] += 1
            assert len(new) == bool(ready)

    asyncio.run(run())


def test_the_router_gives_turns_as_the_subgraphs_do() -> None:
    chance = random.Random(54)
    games: list[list[Move]] = [
        [(chance.choice(("enter", "enter", "leave")), chance.randrange(31)) for _ in range(60)]
        for _ in range(examples(100))
    ]
    given = {"atOnce": AT_ONCE, "waiting": WAITING, "networks": NETWORKS, "games": games}
    command = [str(find_node().binary), "--input-type=module", "--eval", REPLAY]
    done = subprocess.run(
        command, cwd=ROUTER, input=json.dumps(given), capture_output=True, text=True, check=True, timeout=TEST_TIMEOUT
    )
    expected = [asyncio.run(play(moves)) for moves in games]
    assert json.loads(done.stdout) == expected
    assert {state for game in expected for states in game for state in states} == {
        "admitted",
        "waiting",
        "refused",
        "left",
    }


async def test_a_network_with_its_share_waiting_is_refused_at_once_and_others_wait() -> None:
    game = Game()
    for _ in range(OF_SITE + WAITING // WAITING_SHARE):
        game.move("enter", 0)
    await game.catch_up()
    with pytest.raises(TooManyRequests) as refused:
        await game.queue.enter(NETWORKS[0], TEST_TIMEOUT)
    assert refused.value.retry_after == RETRY_AFTER_SECONDS
    assert game.of("waiting") == [NETWORKS[0]] * (WAITING // WAITING_SHARE)
    game.move("enter", 1)
    await game.catch_up()
    assert game.state(len(game.entering) - 1) == "admitted"


async def test_whoever_was_admitted_most_often_makes_room_for_a_newcomer() -> None:
    game, busy = Game(), [f"198.51.100.{number}" for number in range(WAITING)]
    for network in busy:
        (await game.queue.enter(network, 0)).leave()
    held = [await game.queue.enter(f"203.0.113.{number}", 0) for number in range(AT_ONCE)]
    waiting = [asyncio.create_task(game.queue.enter(network, TEST_TIMEOUT)) for network in busy]
    await game.catch_up()
    newcomer = asyncio.create_task(game.queue.enter("192.0.2.9", TEST_TIMEOUT))
    await game.catch_up()
    assert [task.done() for task in waiting] == [False] * (WAITING - 1) + [True]
    assert isinstance(waiting[-1].exception(), TooManyRequests)
    held[0].leave()
    await newcomer
    assert not any(task.done() for task in waiting[:-1])
    for task in waiting[:-1]:
        task.cancel()


async def test_whoever_waits_for_too_long_is_refused_and_holds_no_place() -> None:
    queue = FairQueue(1, WAITING)
    held = await queue.enter("192.0.2.1", 0)
    with pytest.raises(TooManyRequests):
        await queue.enter("192.0.2.2", 0.01)
    held.leave()
    held.leave()
    assert (await queue.enter("192.0.2.3", 0)).turn.done()
    with pytest.raises(TooManyRequests):
        await queue.enter("192.0.2.4", 0)
