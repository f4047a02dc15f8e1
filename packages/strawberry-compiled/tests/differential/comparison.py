"""Executes a document with and without compilation, and compares what comes of it to the last byte."""

import asyncio
import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, cast

import pytest
import strawberry
from graphql import DocumentNode, ExecutionResult, execute, parse
from strawberry.execution.is_awaitable import optimized_is_awaitable
from strawberry.schema.config import StrawberryConfig
from strawberry_compiled import CompiledExecutor, compiled_executor

from differential.documents import SWITCHES, Document, Writer
from differential.zoo import SHOUT, Query, Shout, Visit

# Where an object falls, graphql-core drops coroutines that it has made of its fields, and so does compiled code.
DROPS_COROUTINES = [
    pytest.mark.usefixtures("nothing_left_over"),
    pytest.mark.filterwarnings("ignore:coroutine .* was never awaited:RuntimeWarning"),
]
VALUES = {"Int": ["0", "1", "2", "-1"], "String": ['"a"'], "JSON": ["{}"]}


@dataclass
class Answer:
    """What an execution has answered, and what its resolvers did."""

    body: str
    log: list[str]

    def without_races(self) -> "Answer":
        """Return what of it does not hang on which of two batches, or tasks of the same tick, comes first.

        The data do not. Errors come in any order; of several below an object that null stands for, the first ends the
        work on the others, so that one of them is told at least.
        """
        answer = json.loads(self.body)
        told = [told_at(answer["data"], error) for error in answer["errors"]]
        is_cut_short = any(isinstance(each, list) for each in told)
        errors = sorted({json.dumps(each) for each in told})
        return Answer(json.dumps([answer["data"], errors]), [] if is_cut_short else sorted(self.log))


def told_at(data: Any, error: dict[str, Any]) -> Any:
    """Return an error, or the path of the object above its place that null stands for."""
    for depth, step in enumerate(error["path"]):
        if data is None:
            return error["path"][:depth]
        data = data[step]
    return error


def zoo_schema() -> strawberry.Schema:
    config = StrawberryConfig(scalar_map={Shout: SHOUT})
    return strawberry.Schema(Query, config=config)


def told(result: ExecutionResult) -> str:
    """Return a result as JSON: the data in their order, and the errors in theirs."""
    return json.dumps({"data": result.data, "errors": [error.formatted for error in result.errors or []]}, default=repr)


async def executed(
    schema: strawberry.Schema,
    document: DocumentNode,
    variables: dict[str, Any],
    context: Any,
    executor: type[Any],
) -> str:
    """Execute as Strawberry does, by one executor."""
    result: Any = execute(
        schema._schema,
        document,
        context_value=context,
        variable_values=variables,
        executor_class=executor,
        is_awaitable=cast("Any", optimized_is_awaitable),
    )
    return told(result if isinstance(result, ExecutionResult) else await result)


class Comparison:
    """Compares the two executors over documents of the zoo, each of which is its own world by its seed."""

    def __init__(self) -> None:
        self.schema = zoo_schema()
        self.plain = self.schema.execution_context_class
        self.compiled: type[CompiledExecutor] = compiled_executor(kept=64, compile_at=1)

    async def check(self, rng: random.Random) -> None:
        """Write a document and compare; raises AssertionError with all that is needed to see it again."""
        document = Writer(self.schema._schema, rng, VALUES).document()
        parsed = parse(document.text)
        seed = rng.randint(0, 2**32)
        # The first makes the plans, the second finds them; the third needs others, or values of another kind.
        for level, variables in zip((1, 2, 0), self._variables(document, rng), strict=True):
            await self.compare(parsed, document.text, variables, partial(Visit, seed, level))

    async def compare(
        self, parsed: DocumentNode, text: str, variables: dict[str, Any], context: Callable[[], Any]
    ) -> None:
        answers = []
        for executor in (self.plain, self.compiled):
            visit = context()
            strangers = asyncio.all_tasks()
            body = await executed(self.schema, parsed, variables, visit, executor)
            # Resolvers whose answers nobody waits for any more may still be at work.
            while begun := asyncio.all_tasks() - strangers:
                await asyncio.wait(begun)
            answer = Answer(body, visit.log)
            answers.append(answer.without_races() if "loaded" in text.casefold() else answer)
        assert answers[0] == answers[1], f"{text}\n{variables} {context()}\n{answers[0]}\n{answers[1]}"

    @staticmethod
    def _variables(document: Document, rng: random.Random) -> list[dict[str, Any]]:
        def given(kind: str) -> Any:
            if kind.startswith("Int"):
                return rng.choice([0, 1, 2])
            if kind.startswith("Color"):
                return rng.choice(["RED", "GREEN"])
            return {"color": "BLUE", "sizes": [rng.randint(0, 3)]}

        values = {name: given(kind) for name, kind in document.variables.items()}
        first = {name: rng.random() < 0.5 for name in SWITCHES} | values
        return [first, first, {name: not first[name] for name in SWITCHES} | values]
