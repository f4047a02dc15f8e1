"""The documents that one schema was sent: each is parsed, measured and planned once, and kept while it is in use."""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    GraphQLSyntaxError,
    NoFragmentCyclesRule,
    OperationDefinitionNode,
    Token,
    TokenKind,
    parse,
    validate,
)

from shared.core.errors import PublicError
from shared.graph.execution.cost import MOST_COST, Plan, plan_of
from shared.graph.execution.limits import (
    MOST_CHARACTERS,
    MOST_TOKENS,
    IntrospectionDisabled,
    LimitExceeded,
    Size,
    measure,
)

CHARACTERS_KEPT = 400_000
"""A parsed document takes about a hundred times the memory of its text; a usual one has 500 characters."""
LONGEST_NUMBER = 1_000
_NUMBERS = frozenset({TokenKind.INT, TokenKind.FLOAT})
SIGNED_FACTOR = 10
"""The router has reckoned already, and with lists of the usual length where it sends real ones as representations."""


class OperationUnknown(PublicError):
    """It is unclear which operation of a document is to be executed. Nothing has run."""

    code = "BAD_REQUEST"


def operation_unknown(name: str | None) -> GraphQLError:
    """Return the error of a request whose document has no operation of a name, or several and no name is given."""
    message = "The document has no operation of this name." if name else "Name the operation with `operationName`."
    return GraphQLError(message, original_error=OperationUnknown(message))


@dataclass
class Document:
    """A parsed document, its size, and the plans of its operations by name."""

    node: DocumentNode
    size: Size
    plans: dict[str | None, Plan] = field(default_factory=dict)
    errors: list[GraphQLError] | None = None
    """What validation found, once it has been done."""

    def operation(self, name: str | None) -> OperationDefinitionNode | None:
        """Return the operation of a name, or the only one without; None where there is no such."""
        found = [each for each in self.node.definitions if isinstance(each, OperationDefinitionNode)]
        if name is not None:
            found = [each for each in found if each.name is not None and each.name.value == name]
        return found[0] if len(found) == 1 else None


class Documents:
    """Checks what is sent to one schema against the limits before anything of it runs."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self._schema = schema
        self._kept: OrderedDict[str, Document] = OrderedDict()
        self._characters = 0

    def read(self, query: str) -> Document:
        """Return a document; raises GraphQLSyntaxError for a wrong one, and LimitExceeded for one that is too large."""
        known = self._kept.get(query)
        if known is not None:
            self._kept.move_to_end(query)
            return known
        if len(query) > MOST_CHARACTERS:
            raise LimitExceeded("characters", MOST_CHARACTERS)
        node = _parsed(query)
        document = self._kept[query] = Document(node, measure(node))
        if document.size.is_recursive:
            # The other rules assume that the limits hold, which cannot be told of it.
            document.errors = validate(self._schema, node, (NoFragmentCyclesRule,))
        self._characters += len(query)
        while self._characters > CHARACTERS_KEPT:
            self._characters -= len(self._kept.popitem(last=False)[0])
        return document

    def check(
        self,
        query: str,
        operation_name: str | None,
        variables: Mapping[str, object],
        *,
        signed: bool,
        introspects: bool,
    ) -> None:
        """Raise LimitExceeded, or IntrospectionDisabled, for a request that may not run.

        `signed` ones come from the router, which has checked them. What is not valid counts nothing: it will not run.
        """
        document = self.read(query)
        if document.size.introspects and not introspects:
            raise IntrospectionDisabled
        cost = self._cost(document, operation_name, variables)
        most = MOST_COST * SIGNED_FACTOR if signed else MOST_COST
        if cost > most:
            raise LimitExceeded("cost", most, cost)

    def _cost(self, document: Document, name: str | None, variables: Mapping[str, object]) -> int:
        plan = document.plans.get(name)
        if plan is None:
            operation = document.operation(name)
            if operation is None:
                return 0
            plan = document.plans[name] = plan_of(self._schema, document.node, operation)
        return plan.cost(variables)


def _parsed(query: str) -> DocumentNode:
    try:
        node = parse(query, max_tokens=MOST_TOKENS)
    except GraphQLSyntaxError as error:
        if f"contains more than {MOST_TOKENS} tokens" in error.message:
            raise LimitExceeded("tokens", MOST_TOKENS) from None
        raise
    _check_numbers(node)
    return node


def _check_numbers(node: DocumentNode) -> None:
    """Raise GraphQLSyntaxError for a number that is too long: Python refuses to read it, in the midst of validation."""
    assert node.loc is not None  # noqa: S101 (the parser was not told to leave locations out)
    token: Token | None = node.loc.start_token
    while token is not None:
        if token.kind in _NUMBERS and len(token.value or "") > LONGEST_NUMBER:
            message = f"A number has at most {LONGEST_NUMBER} characters."
            raise GraphQLSyntaxError(node.loc.source, token.start, message)
        token = token.next
