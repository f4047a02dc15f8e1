"""Secrets that anybody can know or guess: those that this repository publishes, and those without variety."""

import itertools
import unicodedata

PUBLISHED = (
    "development-only-secret-key-never-use-it-in-production",
    "development-shopify-webhook-secret",
    "development-stripe-webhook-secret",
    "development-internal-webhook-secret",
    "ZGV2ZWxvcG1lbnQtaW50ZXJuYWwtd2ViaG9vay1zZWNyZXQ",
)
LEAST_DIFFERENT_CHARACTERS = 8
"""Of 32 random hexadecimal digits all but one in ten million have as many."""
MOST_NEIGHBOURS = 2 / 3
"""The share of neighbours in the alphabet, such as `ab` or `21`: of random digits three in ten."""


def is_published(secret: str) -> bool:
    """Tell whether a published secret is in a secret, in whatever case and with whatever signs in and around it."""
    spelled = _plain(secret)
    return any(_plain(each) in spelled for each in PUBLISHED)


def is_repetition(secret: str) -> bool:
    """Tell whether a secret is one part again and again, such as one letter."""
    length = len(secret)
    return length == 1 or any(secret[part:] == secret[:-part] for part in range(1, length // 2 + 1))


def is_guessable(secret: str) -> bool:
    """Tell whether a secret of a usual length is a repetition, a sequence, or made of few different characters."""
    given = "".join(secret.split())
    steps = [ord(second) - ord(first) for first, second in itertools.pairwise(given)]
    neighbours = sum(-1 <= step <= 1 for step in steps)
    is_sequence = neighbours > len(steps) * MOST_NEIGHBOURS
    return is_sequence or is_repetition(given) or len(set(given)) < LEAST_DIFFERENT_CHARACTERS


def _plain(secret: str) -> str:
    folded = unicodedata.normalize("NFKC", secret).casefold()
    return "".join(character for character in folded if character.isalnum())
