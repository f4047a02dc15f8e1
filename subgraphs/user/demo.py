"""Plausible people for demonstrations: deterministic rows, ready for COPY, keyed by table."""

import datetime as dt
import random
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from shared.core.ids import id_at
from subgraphs.user.enums import PetSize, PetSpecies, Role, Theme

# Locale, currency, given names, family names.
_PLACES = (
    (
        "en-GB",
        "GBP",
        "Amelia Oliver Isla George Poppy Harry Freya Jack Rosie Callum",
        "Hughes Walker Patel Reid Clarke",
    ),
    ("en-US", "USD", "Emma Liam Ava Noah Mia Ethan Zoe Mason Ruby Logan", "Nguyen Johnson Garcia Miller Brooks"),
    ("de-DE", "EUR", "Anna Lukas Lena Jonas Marie Finn Clara Paul Ida Emil", "Schneider Weber Krüger Fischer Hoffmann"),
    ("fr-FR", "EUR", "Chloé Hugo Manon Louis Inès Jules Léa Arthur Zoé Théo", "Martin Bernard Moreau Lefèvre Girard"),
    ("de-CH", "CHF", "Nina Reto Leonie Beat Sina Urs Flurin Ladina", "Müller Keller Brunner Zürcher Favre"),
    ("ja-JP", "JPY", "Yui Haruto Aoi Ren Hina Sota Sakura Riku", "Sato Suzuki Tanaka Ito Watanabe"),
    ("nl-NL", "EUR", "Sanne Daan Fleur Sem Lotte Bram Noor Thijs Eva Luuk", "de Vries Jansen Bakker Visser Smit"),
)
_BREEDS = {
    PetSpecies.DOG: (
        ("Labrador", PetSize.LARGE),
        ("Jack Russell terrier", PetSize.SMALL),
        ("Cocker spaniel", PetSize.MEDIUM),
        ("Great Dane", PetSize.EXTRA_LARGE),
        ("Chihuahua", PetSize.EXTRA_SMALL),
        ("Border collie", PetSize.MEDIUM),
    ),
    PetSpecies.CAT: (("Maine Coon", PetSize.MEDIUM), ("British shorthair", PetSize.SMALL), ("Siamese", PetSize.SMALL)),
    PetSpecies.OTHER: (("Ferret", PetSize.EXTRA_SMALL), ("Rabbit", PetSize.EXTRA_SMALL)),
}


@dataclass(frozen=True)
class DemoAccount:
    """An account that everybody may log in with while developing."""

    email: str
    name: str
    role: Role


DEMO_ACCOUNTS = (
    DemoAccount("customer@allpetplus.example", "Clara Customer", Role.CUSTOMER),
    DemoAccount("support@allpetplus.example", "Sam Support", Role.SUPPORT),
    DemoAccount("admin@allpetplus.example", "Ada Admin", Role.ADMIN),
)
DEMO_PASSWORD = "pets-are-family"  # noqa: S105 (documented; production seeds no demo accounts)


def people(rng: random.Random, count: int, until: dt.datetime) -> Iterator[dict[str, dict[str, object]]]:
    """Make `count` people, the demo accounts first, who joined within two years before `until`.

    Each comes as a row of `user_profile` and one of `user_preferences`.
    """
    for number in range(count):
        demo = DEMO_ACCOUNTS[number] if number < len(DEMO_ACCOUNTS) else None
        yield _person(rng, number, until, demo)


def _person(
    rng: random.Random, number: int, until: dt.datetime, demo: DemoAccount | None
) -> dict[str, dict[str, object]]:
    locale, currency, given, family = rng.choice(_PLACES)
    first, last = rng.choice(given.split()), rng.choice(family.split())
    joined = until - dt.timedelta(days=729 if demo else rng.uniform(1, 728))
    user_id = id_at("usr", joined, rng)
    species = rng.choices(list(_BREEDS), (70, 25, 5))[0]
    breed, size = rng.choice(_BREEDS[species])
    return {
        "user_profile": {
            "id": user_id,
            "email": demo.email if demo else f"{_ascii(first)}.{_ascii(last)}.{number}@example.com",
            "email_verified_at": joined,
            "name": demo.name if demo else f"{first} {last}",
            "roles": [demo.role.value if demo else Role.CUSTOMER.value],
            "version": 1,
            "created_at": joined,
            "updated_at": joined,
        },
        "user_preferences": {
            "user_id": user_id,
            "locale": "en-GB" if demo else locale,
            "currency": "EUR" if demo else currency,
            "theme": rng.choice(list(Theme)).name,
            "marketing_emails": rng.random() < 0.3,
            "order_emails": rng.random() < 0.9,
            "pet_species": species.name,
            "pet_breed": breed,
            "pet_size": size.name,
            "version": 1,
        },
    }


def _ascii(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.lower()).encode("ascii", "ignore").decode()
    return "".join(letter for letter in plain if letter.isalpha())
