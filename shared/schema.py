"""A subgraph's schema: Strawberry's federation schema with caching, masking and batched entities built in."""

import datetime as dt
from collections.abc import Iterable
from typing import Any, Literal

from graphql import GraphQLError, StringValueNode
from graphql.validation import ValidationRule
from strawberry import federation
from strawberry.extensions import AddValidationRules, ParserCache, ValidationCache
from strawberry.printer import print_schema
from strawberry.schema.config import StrawberryConfig
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext
from strawberry.types import ExecutionContext
from strawberry.types.base import StrawberryObjectDefinition

from shared.compiled import compiled_executor
from shared.context import Info
from shared.entities import ReferencedEntity, resolve_representations
from shared.masking import is_bug
from shared.moments import DATE_TIME
from shared.observability import MASKED_ERRORS, log
from shared.problems import PROBLEM_HANDLERS

FEDERATION_VERSION: Literal["2.9"] = "2.9"
DOCUMENTS_KEPT = 512


class NoNullCharacters(ValidationRule):
    """Refuses U+0000 in string literals: PostgreSQL cannot store it. Variables are checked with the body."""

    def enter_string_value(self, node: StringValueNode, *_: Any) -> None:
        if "\x00" in node.value:
            self.report_error(GraphQLError("Text must not contain the character U+0000.", node))


class SubgraphSchema(federation.Schema):
    """The schema of one room. `types` names entities that no field reaches (edges on foreign stubs)."""

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
        super().__init__(
            query=query,
            mutation=mutation,
            subscription=subscription,
            types=types,
            federation_version=FEDERATION_VERSION,
            config=StrawberryConfig(sort_schema=False, scalar_map={dt.datetime: DATE_TIME}),
            extensions=[
                lambda: AddValidationRules([NoNullCharacters]),
                lambda: ParserCache(maxsize=DOCUMENTS_KEPT),
                lambda: ValidationCache(maxsize=DOCUMENTS_KEPT),
            ],
            exception_handlers=PROBLEM_HANDLERS,
        )
        self._entities = self._referenced_entities()

    def compile(self, mode: Literal["on", "off", "always"]) -> None:
        """Choose how operations are executed: compiled when they come again, never, or the first time already."""
        if mode == "off":
            self.execution_context_class = StrawberryGraphQLCoreExecutionContext
        else:
            self.execution_context_class = compiled_executor(DOCUMENTS_KEPT, 1 if mode == "always" else 2)

    def _referenced_entities(self) -> dict[str, type[ReferencedEntity]]:
        found: dict[str, type[ReferencedEntity]] = {}
        for concrete in self.schema_converter.type_map.values():
            definition = concrete.definition
            if isinstance(definition, StrawberryObjectDefinition) and hasattr(definition.origin, "resolve_references"):
                found[definition.name] = definition.origin
        return found

    def entities_resolver(self, info: Info, representations: list[federation.schema.FederationAny]) -> Any:
        return resolve_representations(self._entities, info, representations)

    def process_errors(self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None) -> None:
        """Log bugs with their stack. What clients did wrong is theirs to know and no line of ours."""
        for error in errors:
            if is_bug(error):
                MASKED_ERRORS.labels(self.name).inc()
                operation = execution_context.operation_name if execution_context else None
                log.error(
                    "bug",
                    subgraph=self.name,
                    operation=operation,
                    path=error.path,
                    exc_info=error.original_error,
                )

    def sdl(self) -> str:
        """Return the schema as checked in (`schema.graphql`) and served by `_service`."""
        return print_schema(self) + "\n"
