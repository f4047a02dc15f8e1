"""Executes any document on the composed API schema with graphql-core alone: what the router should answer.

One schema holds all types of the API. Its resolvers are the subgraphs' own, called in this process on the same
database; what the subgraphs' endpoints and the router do around them is not used. An object remembers the subgraph
that made it. A field of another subgraph is resolved on the entity that this one returns for the object's `id`.
"""

import asyncio
import datetime as dt
import inspect
import json
from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, aclosing, asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any, cast

from graphql import (
    DocumentNode,
    ExecutionResult,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    build_ast_schema,
    execute,
    get_named_type,
    is_interface_type,
    is_leaf_type,
    is_non_null_type,
    parse,
    subscribe,
)
from sqlalchemy import delete
from starlette.requests import Request

from petplus import registry
from shared.core.errors import Forbidden, PublicError, Unauthenticated
from shared.core.settings import Settings
from shared.graph.context import Context
from shared.graph.schema import SubgraphSchema
from shared.runtime import Runtime, open_runtime
from subgraphs.builder.models import SavedDesign
from tests.differential.api_schema import ROUTER_GRAPH, Supergraph
from tests.differential.comparison import Answer, ReportedError, code_of, null_above
from tests.differential.documents import Document
from tests.differential.entity_loader import EntityLoader, Info
from tests.differential.faults import Fault
from tests.differential.nullability import nullable_everywhere
from tests.differential.request_errors import has_valid_structure, refusal
from tests.differential.source_objects import SourceObject, awaited, marked, type_names

LEAF_FUNCTIONS = (
    *("serialize", "parse_value", "parse_literal"),
    *("coerce_output_value", "coerce_input_value", "coerce_input_literal"),
)

IN_USE = dt.timedelta(seconds=5)
"""A document is answered by both sides in this time."""


class Missing(PublicError):
    """A field that is non-null belongs to an entity that its subgraph does not return."""

    code = "NOT_FOUND"


@dataclass
class Execution:
    """What the resolvers of one execution share."""

    contexts: Mapping[str, Context]
    entities: EntityLoader
    fault: Fault | None = None
    checks_only: bool = False
    """Check access to the root fields, and call nothing."""
    tasks: list[asyncio.Future[Any]] = field(default_factory=list)
    raised: set[ReportedError] = field(default_factory=set)
    """All errors of resolvers, those below an object that became null included."""

    def begin_event(self, subgraphs: Mapping[str, SubgraphSchema]) -> None:
        """Forget what was loaded for the event before."""
        self.contexts = {name: each.for_next_event() for name, each in self.contexts.items()}
        self.entities, self.raised = EntityLoader(subgraphs), set()


class Reference:
    """Evaluates documents; made by `open_reference`."""

    def __init__(self, supergraph: Supergraph, runtimes: Mapping[str, Runtime]) -> None:
        self._runtimes = runtimes
        self._subgraphs: dict[str, SubgraphSchema] = {name: registry.load(name).schema for name in runtimes}
        self._owners, self._entity_types = supergraph.owners, supergraph.entities
        self.supergraph = supergraph
        self._type_names = {name: type_names(schema) for name, schema in self._subgraphs.items()}
        self.schema = self._executable(supergraph.api)
        self._without_propagation = nullable_everywhere(self._executable(supergraph.api))

    # The schema

    def _executable(self, api: DocumentNode) -> GraphQLSchema:
        schema = build_ast_schema(api)
        for kind in schema.type_map.values():
            if not kind.name.startswith("__"):
                self._connect(kind)
        return schema

    def _connect(self, kind: Any) -> None:
        """Give a type the subgraphs' functions."""
        counterparts = [
            each._schema.type_map[kind.name] for each in self._subgraphs.values() if kind.name in each._schema.type_map
        ]
        if isinstance(kind, GraphQLObjectType):
            for name, each in kind.fields.items():
                self._connect_field(kind, name, each)
        elif is_leaf_type(kind):
            for function in LEAF_FUNCTIONS:
                if hasattr(counterparts[0], function):
                    setattr(kind, function, getattr(counterparts[0], function))
        elif isinstance(kind, GraphQLInputObjectType):
            counterpart = cast("GraphQLInputObjectType", counterparts[0])
            kind.out_type = counterpart.out_type  # type: ignore[method-assign]
            for name, input_field in kind.fields.items():
                input_field.out_name = counterpart.fields[name].out_name
        elif isinstance(kind, GraphQLUnionType) or is_interface_type(kind):
            kind.resolve_type = self._type_of

    def _connect_field(self, kind: GraphQLObjectType, name: str, made: GraphQLField) -> None:
        owners = self._owners[f"{kind.name}.{name}"]
        if owners == [ROUTER_GRAPH]:
            made.resolve = self._resolve_nodes
            return
        if kind.name == "Subscription":
            made.subscribe = partial(self._subscribe, kind, made, owners[0])
        for owner in owners:
            counterpart = cast("GraphQLObjectType", self._subgraphs[owner]._schema.type_map[kind.name]).fields[name]
            for argument, each in made.args.items():
                each.out_name = counterpart.args[argument].out_name
        made.resolve = partial(self._resolve, kind, made, owners)

    def _type_of(self, made: SourceObject, *_: Any) -> str:
        return self._type_names[made.subgraph][type(made.value)]

    # Execution

    def _subscribe(
        self, kind: GraphQLObjectType, made: GraphQLField, owner: str, _: None, info: Info, **arguments: Any
    ) -> Any:
        counterpart_type = cast("GraphQLObjectType", self._subgraphs[owner]._schema.type_map[kind.name])
        subscribe_field = counterpart_type.fields[info.field_name].subscribe
        assert subscribe_field is not None
        seen = self._seen_by(owner, info)._replace(parent_type=counterpart_type)
        return subscribe_field(None, seen, **arguments)

    def _resolve(
        self,
        kind: GraphQLObjectType,
        made: GraphQLField,
        owners: Sequence[str],
        source: SourceObject | None,
        info: Info,
        **arguments: Any,
    ) -> Any:
        try:
            value = self._value(kind, made, owners, source, info, arguments)
        except Exception as error:
            # As an awaitable, so that it cuts no other field short, whose errors are wanted too.
            value = _failed(error)
        if not inspect.isawaitable(value):
            return value
        # A task of its own: it goes on when a null cuts the field short, because all errors are wanted.
        execution: Execution = info.context
        task = asyncio.ensure_future(self._noted(value, info))
        execution.tasks.append(task)
        return asyncio.shield(task)

    async def _resolve_nodes(self, _: None, info: Info, **arguments: Any) -> Any:
        """Return what ids name, as its owner returns it for a reference."""
        ids = [arguments["id"]] if "id" in arguments else arguments["ids"]
        found = await asyncio.gather(*[self._node(each, info) for each in ids])
        return found if "ids" in arguments else found[0]

    async def _node(self, key: str, info: Info) -> SourceObject | None:
        kind, owner = self.supergraph.owner_of(key)
        entity = owner and await info.context.entities.load(owner, kind, key, self._seen_by(owner, info), {})
        return SourceObject(owner, entity, info) if owner and entity else None

    def _value(
        self,
        kind: GraphQLObjectType,
        made: GraphQLField,
        owners: Sequence[str],
        source: SourceObject | None,
        info: Info,
        arguments: dict[str, Any],
    ) -> Any:
        if kind.name == "Subscription":
            return marked(source, owners[0], info)
        execution: Execution = info.context
        if execution.fault or execution.checks_only:
            self._check_access(f"{kind.name}.{info.field_name}", execution)
        if execution.checks_only:
            return None
        if execution.fault and source is None:
            execution.fault.before_fetch(owners[0])
        if source is None:
            return self._call(owners[0], kind, made, None, info, arguments)
        if source.subgraph in owners:
            return self._call(source.subgraph, kind, made, source.value, info, arguments)
        return self._of_entity(owners[0], kind, made, source, info, arguments)

    def _check_access(self, place: str, execution: Execution) -> None:
        """Raise the denial of a field: it is never asked for, whatever its subgraph would answer."""
        scopes, viewer = self.supergraph.required_scopes.get(place), next(iter(execution.contexts.values())).viewer
        if scopes is None:
            return
        if not viewer.is_signed_in:
            raise Unauthenticated("Log in first.")
        if scopes and not any(all(map(viewer.has_scope, each)) for each in scopes):
            raise Forbidden("This needs a scope.")

    async def forget_designs(self, since: dt.datetime) -> None:
        """Delete the designs that documents have made since a moment, but for the newest, which others may act on."""
        made = SavedDesign.created_at.between(since, dt.datetime.now(dt.UTC) - IN_USE)
        async with self._runtimes["builder"].database.write() as session:
            await session.execute(delete(SavedDesign).where(made))

    async def _of_entity(
        self,
        owner: str,
        kind: GraphQLObjectType,
        made: GraphQLField,
        source: SourceObject,
        info: Info,
        arguments: dict[str, Any],
    ) -> Any:
        assert owner in self._entity_types[kind.name], f"{owner} does not resolve {kind.name}"
        execution: Execution = info.context
        asking, entity = self._seen_by(owner, source.info), None
        if execution.fault is None or execution.fault.spares(owner, source.value.id):
            given = await self._required_by(f"{kind.name}.{info.field_name}", source, info)
            entity = await asyncio.shield(execution.entities.load(owner, kind.name, source.value.id, asking, given))
        if entity is None:
            if is_non_null_type(made.type):
                raise Missing("This does not exist, or is not for you to see.")
            return None
        value = self._call(owner, kind, made, entity, info, arguments)
        return await value if inspect.isawaitable(value) else value

    async def _required_by(self, place: str, source: SourceObject, info: Info) -> dict[str, object]:
        """Return the fields that another subgraph must be given for a field, as the object's own subgraph has them."""
        schema, given = self._subgraphs[source.subgraph]._schema, {}
        for name in self.supergraph.required_fields.get(place, ()):
            kind = cast("GraphQLObjectType", schema.type_map[place.partition(".")[0]])
            resolve = kind.fields[name].resolve
            assert resolve is not None
            value = resolve(source.value, self._seen_by(source.subgraph, info)._replace(parent_type=kind))
            given[name] = await value if inspect.isawaitable(value) else value
        return given

    def _call(
        self,
        subgraph: str,
        kind: GraphQLObjectType,
        made: GraphQLField,
        value: Any,
        info: Info,
        arguments: dict[str, Any],
    ) -> Any:
        execution: Execution = info.context
        if execution.fault:
            execution.fault.before_field(subgraph, f"{kind.name}.{info.field_name}")
        counterpart_type = cast("GraphQLObjectType", self._subgraphs[subgraph]._schema.type_map[kind.name])
        counterpart = counterpart_type.fields[info.field_name]
        seen = self._seen_by(subgraph, info)._replace(parent_type=counterpart_type, return_type=counterpart.type)
        assert counterpart.resolve is not None
        result = counterpart.resolve(value, seen, **arguments)
        if is_leaf_type(get_named_type(made.type)):
            return result
        return awaited(result, subgraph, info) if inspect.isawaitable(result) else marked(result, subgraph, info)

    def _seen_by(self, subgraph: str, info: Info) -> Info:
        execution: Execution = info.context
        return info._replace(schema=self._subgraphs[subgraph]._schema, context=execution.contexts[subgraph])

    async def _noted(self, value: Any, info: Info) -> Any:
        try:
            return await value
        except Exception as error:
            execution: Execution = info.context
            execution.raised.add(ReportedError(code_of(error), tuple(info.path.as_list())))
            raise

    def is_valid(self, document: Document) -> bool:
        """Tell whether the structure of a document is valid."""
        return has_valid_structure(self.schema, document.text)

    async def answer(self, document: Document, authorization: str | None) -> Answer:
        """Execute a query or mutation of a valid structure as the viewer of an `Authorization` header."""
        parsed, operation_name, variables = parse(document.text), document.operation_name, document.sent_variables()
        if refused := refusal(self.schema, parsed, operation_name, variables, document.is_doubtful):
            return refused
        answer = await self._execute(self.schema, parsed, document, authorization)
        if document.kind == "mutation" and answer.data is None:
            # A mutation that is denied may refuse the whole before the ones above it are called.
            denied = await self._execute(self._without_propagation, parsed, document, authorization, checks_only=True)
            answer.possible |= denied.possible
        if document.kind == "query" and any(null_above(answer.data, each.path) is not None for each in answer.errors):
            # A null that propagates ends the fields below it before they have reported their errors.
            whole = await self._execute(self._without_propagation, parsed, document, authorization)
            answer.possible |= whole.possible
        return answer

    async def _execute(
        self,
        schema: GraphQLSchema,
        parsed: DocumentNode,
        document: Document,
        authorization: str | None,
        *,
        checks_only: bool = False,
    ) -> Answer:
        execution = await self._execution(authorization)
        execution.fault, execution.checks_only = document.fault, checks_only
        result = execute(
            schema,
            parsed,
            context_value=execution,
            variable_values=json.loads(document.body)["variables"],
            operation_name=document.operation_name,
        )
        done: ExecutionResult = await result if inspect.isawaitable(result) else result
        return await self._answer_of(done, execution)

    async def events(self, document: Document, authorization: str | None) -> AsyncGenerator[Answer, None]:
        """Yield the results of a subscription of a valid structure; one that is refused has one result without data."""
        parsed, operation_name, variables = parse(document.text), document.operation_name, document.sent_variables()
        if refused := refusal(self.schema, parsed, operation_name, variables, document.is_doubtful):
            yield refused
            return
        execution = await self._execution(authorization)
        result = subscribe(
            self.schema,
            parsed,
            context_value=execution,
            variable_values=json.loads(document.body)["variables"],
            operation_name=operation_name,
        )
        started = await result if inspect.isawaitable(result) else result
        if isinstance(started, ExecutionResult):
            yield await self._answer_of(started, execution)
            return
        try:
            async with aclosing(cast("AsyncGenerator[ExecutionResult, None]", started)) as results:
                async for each in results:
                    yield await self._answer_of(each, execution)
                    execution.begin_event(self._subgraphs)
        except PublicError as error:
            yield Answer.refused(error.code)

    async def _answer_of(self, done: ExecutionResult, execution: Execution) -> Answer:
        await asyncio.gather(*execution.tasks, return_exceptions=True)
        execution.tasks.clear()
        for context in execution.contexts.values():
            context.clear()
        errors = [ReportedError(code_of(each), tuple(each.path or ())) for each in done.errors or ()]
        if done.data is None and not any(each.path for each in errors):
            return Answer(errors=errors)
        # The text as it would arrive: a client sees no Python values.
        return Answer(json.loads(json.dumps(done.data)), has_data=True, errors=errors, possible=execution.raised)

    async def _execution(self, authorization: str | None) -> Execution:
        request = Request({"type": "http", "method": "POST", "headers": []})
        contexts = {
            name: Context(runtime, await runtime.verifier.viewer(authorization), request, address="127.0.0.1")
            for name, runtime in self._runtimes.items()
        }
        return Execution(contexts, EntityLoader(self._subgraphs))


async def _failed(error: Exception) -> Any:
    raise error


@asynccontextmanager
async def open_reference(supergraph: Supergraph, settings: Settings) -> AsyncIterator[Reference]:
    """Connect a reference to the servers of a running shop, for the length of the block."""
    async with AsyncExitStack() as stack:
        runtimes = {}
        for name in registry.NAMES:
            subgraph = registry.load(name)
            opened = open_runtime(name, settings, subgraph.resources)
            runtimes[name] = await stack.enter_async_context(opened)
        yield Reference(supergraph, runtimes)
