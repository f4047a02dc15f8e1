"""Executes a document with and without compilation, and compares the answers to the byte."""

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

from differential.documents import CONDITION_VARIABLES, Document, DocumentGenerator
from differential.sample_schema import SHOUT, Query, SampleContext, Shout

# Where an error makes an object null, graphql-core drops coroutines of its fields, and so does compiled code.
DROPS_COROUTINES = [
    pytest.mark.usefixtures("collected_coroutines"),
    pytest.mark.filterwarnings("ignore:coroutine .* was never awaited:RuntimeWarning"),
]
VALUES = {"Int": ["0", "1", "2", "-1"], "String": ['"a"'], "JSON": ["{}"]}


@dataclass
class Answer:
    """The answer of an execution, and the log of its resolvers."""

    body: str
    log: list[str]

    def without_races(self) -> "Answer":
        """Return the part of the answer that does not depend on which of two batches, or tasks of a tick, ends first.

        The data do not depend on it. The order of errors does; of several errors below an object that becomes null,
        the first cancels the others, so that at least one is reported.
        """
        answer = json.loads(self.body)
        reported = [error_or_nulled_path(answer["data"], error) for error in answer["errors"]]
        is_cut_short = any(isinstance(each, list) for each in reported)
        errors = sorted({json.dumps(each) for each in reported})
        return Answer(json.dumps([answer["data"], errors]), [] if is_cut_short else sorted(self.log))


def error_or_nulled_path(data: Any, error: dict[str, Any]) -> Any:
    """Return an error, or the path of the object above its own that is null."""
    for depth, step in enumerate(error["path"]):
        if data is None:
            return error["path"][:depth]
        data = data[step]
    return error


def sample_schema() -> strawberry.Schema:
    config = StrawberryConfig(scalar_map={Shout: SHOUT})
    return strawberry.Schema(Query, config=config)


def to_json(result: ExecutionResult) -> str:
    """Return a result as JSON, with the order of its data and its errors."""
    return json.dumps({"data": result.data, "errors": [error.formatted for error in result.errors or []]}, default=repr)


async def executed(
    schema: strawberry.Schema, document: DocumentNode, variables: dict[str, Any], context: Any, executor: type[Any]
) -> str:
    """Execute a document as Strawberry does, with one executor class."""
    result: Any = execute(
        schema._schema,
        document,
        context_value=context,
        variable_values=variables,
        executor_class=executor,
        is_awaitable=cast("Any", optimized_is_awaitable),
    )
    return to_json(result if isinstance(result, ExecutionResult) else await result)


class Comparison:
    """Compares the two executors over generated documents of the sample schema; a seed decides document and objects."""

    def __init__(self) -> None:
        self.schema = sample_schema()
        self.uncompiled = self.schema.execution_context_class
        self.compiled: type[CompiledExecutor] = compiled_executor(max_operations=64, compile_threshold=1)

    async def check(self, rng: random.Random) -> None:
        """Generate a document and compare; raises AssertionError with all that is needed to reproduce a difference."""
        document = DocumentGenerator(self.schema._schema, rng, VALUES).document()
        parsed = parse(document.text)
        seed = rng.randint(0, 2**32)
        # The first makes the plans, the second uses them; the third needs others, or other values.
        for level, variables in zip((1, 2, 0), self._variables(document, rng), strict=True):
            await self.compare(parsed, document.text, variables, partial(SampleContext, seed, level))

    async def compare(
        self, parsed: DocumentNode, text: str, variables: dict[str, Any], new_context: Callable[[], Any]
    ) -> None:
        answers = []
        for executor in (self.uncompiled, self.compiled):
            context = new_context()
            others = asyncio.all_tasks()
            body = await executed(self.schema, parsed, variables, context, executor)
            # Resolvers whose values are no longer awaited may still run.
            while running := asyncio.all_tasks() - others:
                await asyncio.wait(running)
            answer = Answer(body, context.log)
            answers.append(answer.without_races() if "loaded" in text.casefold() else answer)
        assert answers[0] == answers[1], f"{text}\n{variables} {new_context()}\n{answers[0]}\n{answers[1]}"

    @staticmethod
    def _variables(document: Document, rng: random.Random) -> list[dict[str, Any]]:
        def given(kind: str) -> Any:
            if kind.startswith("Int"):
                return rng.choice([0, 1, 2])
            if kind.startswith("Color"):
                return rng.choice(["RED", "GREEN"])
            return {"color": "BLUE", "sizes": [rng.randint(0, 3)]}

        values = {name: given(kind) for name, kind in document.variables.items()}
        first = {name: rng.random() < 0.5 for name in CONDITION_VARIABLES} | values
        return [first, first, {name: not first[name] for name in CONDITION_VARIABLES} | values]
