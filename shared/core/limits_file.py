"""Reads `limits.json`: the limits that the router and the subgraphs share, each written once.

The file is package data of `shared`, so that an installed package has it without the router. The router reads the same
file; its image contains `router/` and `shared/limits.json`.
"""

from importlib.resources import files

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel


class _Section(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, extra="forbid", frozen=True)


class DocumentLimits(_Section):
    """The maximum size of a GraphQL document, with fragments written out."""

    characters: int
    tokens: int
    depth: int
    fields: int
    repeated_fields: int
    aliases: int
    root_fields: int
    directives: int
    fragments: int
    operations: int


class VariableLimits(_Section):
    """The maximum size of variables. A subgraph accepts more values: the router sends it representations."""

    depth: int
    values: int
    values_at_subgraphs: int


class CostRules(_Section):
    """How the cost of an operation is estimated, and its maximum."""

    maximum: int
    change: int
    unpaged_list: int
    default_page: int
    largest_page: int


class AccessTokenRules(_Section):
    """How access tokens are verified."""

    clock_leeway_seconds: int
    jwks_minimum_interval_seconds: float
    verified_tokens_cached: int


class SharedLimits(_Section):
    """The whole file."""

    body_bytes: int
    document: DocumentLimits
    variables: VariableLimits
    cost: CostRules
    access_tokens: AccessTokenRules


LIMITS = SharedLimits.model_validate_json(files("shared").joinpath("limits.json").read_bytes())
