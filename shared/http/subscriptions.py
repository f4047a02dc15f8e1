"""Runs subscriptions: one source of events for each viewer, and one execution for all viewers who may share an event.

A source knows its viewer: it checks access, starts at the viewer's position, and ends with the viewer's token. An
execution knows only its audience. So if a field is declared `SHARED`, an event that several sources publish is executed
and written once for each audience (docs/decisions/0028-one-execution-for-an-audience.md).
"""

import asyncio
import contextvars
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import aclosing
from typing import TypeAlias, cast
from weakref import WeakValueDictionary

import orjson
from graphql import (
    ExecutionResult,
    FieldNode,
    GraphQLError,
    OperationDefinitionNode,
    create_source_event_stream,
    execute_subscription_event,
)
from graphql.execution.executor import Executor
from strawberry.schema.schema_converter import GraphQLCoreConverter

from shared.graph.context import Context
from shared.graph.schema import SubgraphSchema
from shared.http.sse import encoded
from shared.security.auth import Viewer

KEPT_SECONDS = 1.0
"""How long a result is kept for subscribers that have not requested it yet; for later ones it is computed again."""

Shown: TypeAlias = Callable[[object, Sequence[GraphQLError] | None], dict[str, object]]


class Answers:
    """Executes the events of one operation in one context, and writes the results as server-sent events."""

    def __init__(self, schema: SubgraphSchema, executor: Executor[Context], context: Context, shown: Shown) -> None:
        self._schema = schema
        self._executor = executor
        self._context = context
        self._shown = shown
        self.followers = 0

    async def to(self, event: object) -> bytes:
        """Return the result for an event, from the current rows."""
        result = self._execute(event)
        return self.written(result if isinstance(result, ExecutionResult) else await result)

    def _execute(self, event: object) -> ExecutionResult | Awaitable[ExecutionResult]:
        executor = self._executor.build_per_event_executor(event)
        executor.context_value = self._context.for_next_event()
        result: ExecutionResult | Awaitable[ExecutionResult] = execute_subscription_event(executor)
        return result

    def written(self, result: ExecutionResult) -> bytes:
        """Return a result as clients see it; bugs are logged."""
        if result.errors:
            self._schema.note_bugs(result.errors)
        return encoded(self._shown(result.data, result.errors))


class SharedAnswers(Answers):
    """The results for all viewers of one audience who have sent the same operation."""

    def __init__(self, schema: SubgraphSchema, executor: Executor[Context], context: Context, shown: Shown) -> None:
        super().__init__(schema, executor, context, shown)
        # By the event's identity, and with the event, so that no other object can get the same identity meanwhile.
        self._made: dict[int, tuple[object, asyncio.Future[bytes]]] = {}

    async def to(self, event: object) -> bytes:
        if self.followers == 1:
            return await super().to(event)  # no other subscriber needs it
        made = self._made.get(id(event))
        answer = self._begin(event) if made is None else made[1]
        # A subscriber that disconnects meanwhile must not cancel it for the others.
        return answer.result() if answer.done() else await asyncio.shield(answer)

    def _begin(self, event: object) -> "asyncio.Future[bytes]":
        # It does not belong to the request that happens to be first: neither its identity nor its end matter.
        apart, loop = contextvars.Context(), asyncio.get_running_loop()
        result = apart.run(self._execute, event)
        answer: asyncio.Future[bytes] = loop.create_future()
        if isinstance(result, ExecutionResult):
            answer.set_result(self.written(result))  # nothing had to be loaded
        else:
            answer = loop.create_task(self._awaited(result), context=apart)
        self._made[id(event)] = (event, answer)
        answer.add_done_callback(lambda _: loop.call_later(KEPT_SECONDS, self._made.pop, id(event)))
        return answer

    async def _awaited(self, result: Awaitable[ExecutionResult]) -> bytes:
        return self.written(await result)


class Subscriptions:
    """Runs the subscriptions of one schema. `shown` turns data and errors into what clients see."""

    def __init__(self, schema: SubgraphSchema, shown: Shown) -> None:
        self._schema = schema
        self._shown = shown
        self._shared: WeakValueDictionary[tuple[bytes, Viewer], SharedAnswers] = WeakValueDictionary()

    async def follow(
        self, query: str, name: str | None, variables: dict[str, object] | None, context: Context
    ) -> AsyncGenerator[bytes, None]:
        """Yield the results of a valid subscription as server-sent events, until it ends or fails."""
        executor = self._executor(query, name, variables, context)
        if isinstance(executor, list):
            yield encoded(self._shown(None, executor))
            return
        answers = Answers(self._schema, executor, context, self._shown)
        if context.runtime.settings.shared_subscriptions == "on" and is_shared(self._schema, executor.operation):
            answers = self._shared_answers((query, name, variables), executor, context)
        answers.followers += 1
        try:
            source = await _source(executor)
            executor.context_value = None  # it was the source's, and must not serve other viewers' events
            if isinstance(source, ExecutionResult):
                yield answers.written(source)
                return
            async with aclosing(source):
                async for event in source:
                    yield await answers.to(event)
                    del event  # otherwise it is kept in memory until the next one
        except Exception as error:
            raised = error if isinstance(error, GraphQLError) else GraphQLError(str(error), original_error=error)
            yield answers.written(ExecutionResult(None, [raised]))
        finally:
            answers.followers -= 1

    def _executor(
        self, query: str, name: str | None, variables: dict[str, object] | None, context: Context
    ) -> Executor[Context] | list[GraphQLError]:
        node = self._schema.documents.read(query).node
        return self._schema.execution_context_class.build(self._schema._schema, node, None, context, variables, name)

    def _shared_answers(self, asked: object, executor: Executor[Context], context: Context) -> SharedAnswers:
        """Return the results for a viewer's audience; their context holds only what the key holds."""
        audience = context.viewer.as_audience()
        key = (orjson.dumps(asked, option=orjson.OPT_SORT_KEYS), audience)
        answers = self._shared.get(key)
        if answers is None:
            shared = Context(context.runtime, audience)
            answers = self._shared[key] = SharedAnswers(self._schema, executor, shared, self._shown)
        return answers


async def _source(executor: Executor[Context]) -> AsyncGenerator[object, None] | ExecutionResult:
    source = create_source_event_stream(executor)
    opened = await cast("Awaitable[object]", source) if executor.is_awaitable(source) else source
    return cast("AsyncGenerator[object, None] | ExecutionResult", opened)


def is_shared(schema: SubgraphSchema, operation: OperationDefinitionNode) -> bool:
    """Return whether the field that an operation subscribes to is declared `SHARED`."""
    kind, nodes = schema._schema.subscription_type, operation.selection_set.selections
    # It may be a fragment; then the viewers do not share.
    if kind is None or len(nodes) != 1 or not isinstance(nodes[0], FieldNode):
        return False
    declared = kind.fields[nodes[0].name.value].extensions[GraphQLCoreConverter.DEFINITION_BACKREF]
    return bool(declared.metadata.get("shared"))
