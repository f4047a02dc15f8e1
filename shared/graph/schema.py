"""A subgraph's schema: Strawberry's federation schema with caching, masking and batched entities built in."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal, cast

from graphql import ExecutionResult as GraphQLExecutionResult
from graphql import (
    FieldNode,
    GraphQLError,
    GraphQLObjectType,
    OperationDefinitionNode,
    StringValueNode,
    execute,
    specified_rules,
)
from graphql.validation import ValidationRule
from strawberry import federation
from strawberry.execution.is_awaitable import optimized_is_awaitable
from strawberry.extensions import SchemaExtension
from strawberry.printer import print_schema
from strawberry.schema.config import StrawberryConfig
from strawberry.schema.exceptions import InvalidOperationTypeError
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext, validate_document
from strawberry.types import ExecutionContext, ExecutionResult
from strawberry.types.base import StrawberryObjectDefinition
from strawberry.types.graphql import OperationType
from strawberry_compiled import compiled_executor

from shared.core.observability import MASKED_ERRORS, log
from shared.graph.context import Info
from shared.graph.execution.documents import Document, Documents, operation_unknown
from shared.graph.execution.masking import is_bug
from shared.graph.execution.representations import UncoercedRepresentations
from shared.graph.problems import PROBLEM_HANDLERS
from shared.graph.references import ReferencedEntity, resolve_representations
from shared.graph.scalars import SCALARS
from shared.graph.versioned import Versioned

FEDERATION_VERSION: Literal["2.9"] = "2.9"
OPERATIONS_COMPILED = 512
ROOT_DESCRIPTIONS = (
    "What clients can read.",
    "What clients can change. Each field does one thing, and returns a union of what was changed and the problems "
    "that may have prevented it.",
    "What clients can follow live, over a WebSocket or as server-sent events.",
)
"""The descriptions of the three root types, which all subgraphs share."""

SHARED: Mapping[str, bool] = {"shared": True}
"""`strawberry.subscription(metadata={**SHARED, **rule(…)})`: an event is executed once for all subscribers who have
sent the same document and variables and have the same access. See `shared.http.subscriptions`."""


class NoNullCharacters(ValidationRule):
    """Refuses U+0000 in string literals: PostgreSQL cannot store it. Variables are checked with the body."""

    def enter_string_value(self, node: StringValueNode, *_: object) -> None:
        if "\x00" in node.value:
            self.report_error(GraphQLError("Text must not contain the character U+0000.", node))


RULES = (*specified_rules, NoNullCharacters)


class KnownDocuments(SchemaExtension):
    """Takes documents from those that the schema knows, where Strawberry executes them: as server-sent events."""

    def on_parse(self) -> Iterator[None]:
        if self.execution_context.query:
            self.execution_context.graphql_document = self._schema.documents.read(self.execution_context.query).node
        yield

    def on_validate(self) -> Iterator[None]:
        execution = self.execution_context
        execution.pre_execution_errors = self._schema.errors_of(self._schema.documents.read(execution.query or ""))
        yield

    @property
    def _schema(self) -> "SubgraphSchema":
        assert isinstance(self.execution_context.schema, SubgraphSchema)  # noqa: S101 (it alone has this extension)
        return self.execution_context.schema


class SubgraphSchema(federation.Schema):
    """The schema of one subgraph. `types` names entities that no field reaches (edges on foreign stubs)."""

    def __init__(
        self,
        name: str,
        *,
        query: type,
        mutation: type | None = None,
        subscription: type | None = None,
        types: Iterable[type] = (),
    ) -> None:
        self.name = name
        for root, description in zip((query, mutation, subscription), ROOT_DESCRIPTIONS, strict=True):
            if root is not None:
                root.__strawberry_definition__.description = description  # type: ignore[attr-defined]
        super().__init__(
            query=query,
            mutation=mutation,
            subscription=subscription,
            types=types,
            federation_version=FEDERATION_VERSION,
            config=StrawberryConfig(sort_schema=False, scalar_map=SCALARS),
            extensions=[KnownDocuments],
            exception_handlers=PROBLEM_HANDLERS,
        )
        self.entities = self._referenced_entities()
        self._compile_versioned_types()
        self.documents = Documents(self._schema)

    def compile(self, mode: Literal["on", "off", "always"]) -> None:
        """Choose how operations are executed: compiled when they come again, never, or the first time already."""
        if mode == "off":
            self.execution_context_class = StrawberryGraphQLCoreExecutionContext
        else:
            compiled = compiled_executor(OPERATIONS_COMPILED, 1 if mode == "always" else 2)
            self.execution_context_class = type("Executor", (UncoercedRepresentations, compiled), {})

    def _referenced_entities(self) -> dict[str, type[ReferencedEntity]]:
        found: dict[str, type[ReferencedEntity]] = {}
        for concrete in self.schema_converter.type_map.values():
            definition = concrete.definition
            if isinstance(definition, StrawberryObjectDefinition) and hasattr(definition.origin, "resolve_references"):
                found[definition.name] = definition.origin
        return found

    def _compile_versioned_types(self) -> None:
        """Drop the check of each object's class, which Strawberry adds to types with an interface.

        Resolvers return these types themselves, never rows that stand for them. The check says nothing then, and types
        that have one are not compiled: the hottest lists would take two to three times as long.
        """
        for kind in Versioned.__kinds__:
            found = self._schema.type_map.get(kind.__name__)
            if isinstance(found, GraphQLObjectType):
                found.is_type_of = None

    # graphql-core awaits what Strawberry says is a list.
    def entities_resolver(self, info: Info, representations: list[federation.schema.FederationAny]) -> Any:
        return resolve_representations(self.entities, info, representations)

    def errors_of(self, document: Document) -> list[GraphQLError]:
        """Return what is wrong with a document, which is found out once."""
        if document.errors is None:
            document.errors = validate_document(self._schema, document.node, RULES)
        return document.errors

    def operation(self, query: str, name: str | None) -> OperationDefinitionNode | list[GraphQLError]:
        """Return the operation that is to be executed, or the errors because of which none is."""
        try:
            document = self.documents.read(query)
        except GraphQLError as error:
            return [error]
        return self.errors_of(document) or document.operation(name) or [operation_unknown(name)]

    async def execute(
        self,
        query: str | None,
        variable_values: dict[str, object] | None = None,
        context_value: Any = None,
        root_value: object = None,
        operation_name: str | None = None,
        allowed_operation_types: Iterable[OperationType] | None = None,
        operation_extensions: dict[str, object] | None = None,
    ) -> ExecutionResult:
        """Execute a query or mutation as Strawberry does, but for its extensions, of which this schema has none to run.

        Starting and ending them took a third of a small request in the process.
        """
        operation = self.operation(query or "", operation_name)
        if isinstance(operation, list):
            return ExecutionResult(None, operation)
        kind = OperationType(operation.operation.value)
        if allowed_operation_types is not None and kind not in allowed_operation_types:
            raise InvalidOperationTypeError(kind)
        try:
            result: Any = execute(
                self._schema,
                self.documents.read(query or "").node,
                root_value,
                context_value,
                variable_values,
                operation_name,
                is_awaitable=cast("Any", optimized_is_awaitable),
                executor_class=self.execution_context_class,
                operation_extensions=operation_extensions,
            )
            if not isinstance(result, GraphQLExecutionResult):
                result = await result
        except Exception as error:
            result = ExecutionResult(None, [GraphQLError(str(error), original_error=error)])
        finally:
            context_value.clear()
        if result.errors:
            self.note_bugs(result.errors)
        return ExecutionResult(result.data, result.errors)

    def process_errors(self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None) -> None:
        self.note_bugs(errors)

    def note_bugs(self, errors: Iterable[GraphQLError]) -> None:
        """Log bugs with their stack. What clients did wrong is theirs to know and no line of ours.

        Clients choose the names of operations and in paths, so the fields' own names are logged instead.
        """
        for error in errors:
            if is_bug(error):
                MASKED_ERRORS.labels(self.name).inc()
                log.error(
                    "unhandled exception",
                    subgraph=self.name,
                    fields=[node.name.value for node in error.nodes or () if isinstance(node, FieldNode)],
                    exc_info=error.original_error,
                )

    def sdl(self) -> str:
        """Return the schema as checked in (`schema.graphql`) and served by `_service`."""
        return print_schema(self) + "\n"
