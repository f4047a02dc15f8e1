"""The languages of the texts that the shop shows.

Clients ask for one by an argument of the field: it is part of the question, so every cache tells the answers apart
(docs/decisions/0063-language-of-labels.md).
"""

import enum
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, TypeAlias, TypeVar

import strawberry
from pydantic import BaseModel

from shared.core.validation import Checks
from shared.graph.enums import graphql_enum


@graphql_enum(
    "A language of the shop's texts, by its ISO 639-1 code.", EN="English.", DE="German.", NL="Dutch.", FR="French."
)
class Language(enum.Enum):
    EN = "EN"
    DE = "DE"
    NL = "NL"
    FR = "FR"


Texts = TypeVar("Texts", bound=BaseModel)
_LOCALE = re.compile(r"[a-z]{2,3}(-[A-Z]{2})?", re.ASCII)
TextLanguage: TypeAlias = Annotated[Language, strawberry.argument(description="The language of labels and texts.")]


def language_of(locale: str) -> Language:
    """Return the language of a language tag such as `de-AT`; English where the shop has no texts in it."""
    code = locale.partition("-")[0].upper()
    return Language[code] if code in Language.__members__ else Language.EN


def check_locale(checks: Checks, name: str, locale: str) -> str:
    """Return a language tag that a client sent, and refuse what is none."""
    if not _LOCALE.fullmatch(locale):
        checks.refuse(name, "INVALID_LOCALE", "Send a language tag such as `en` or `en-GB`.")
    return locale


def code_of(language: Language) -> str:
    """Return the language tag of a language, such as `de`."""
    return language.value.lower()


def read_texts(folder: Path, model: type[Texts]) -> Mapping[Language, Texts]:
    """Read what is said in each language from one file each, such as `de.toml`; raises where a file lacks a text."""
    return {
        language: model.model_validate(tomllib.loads((folder / f"{code_of(language)}.toml").read_text("utf-8")))
        for language in Language
    }
