"""Plausible people for demonstrations: deterministic rows, ready for COPY, keyed by table."""

import datetime as dt
import random
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from shared.core.ids import id_at
from shared.database.rows import Values
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
_ADDRESSES = (
    ("Home", "Bellmannstraße 12", "Top 7", "Vienna", None, "1070", "AT", None),
    ("Work", "Lindengasse 3", None, "Graz", "Styria", "8010", "AT", "+43 316 555 0103"),
    (None, "14 Heron Lane", None, "York", None, "YO1 7EP", "GB", None),
)
# Name, species, breed, size, neck, chest, back, length, weight.
_PETS = (
    ("Bruno", PetSpecies.DOG, "Cocker spaniel", PetSize.MEDIUM, 382, 620, 430, 700, 13_400),
    ("Mimi", PetSpecies.CAT, "British shorthair", PetSize.SMALL, 231, 380, 310, 460, 4_700),
)
DEMO_PASSWORD = "pets-are-family"  # noqa: S105 (documented; production seeds no demo accounts)


def people(rng: random.Random, count: int, until: dt.datetime) -> Iterator[dict[str, dict[str, object]]]:
    """Make `count` people, the demo accounts first, who joined within two years before `until`.

    Each comes as a row of `user_profile` and one of `user_preferences`.
    """
    for number in range(count):
        demo = DEMO_ACCOUNTS[number] if number < len(DEMO_ACCOUNTS) else None
        yield _person(rng, number, until, demo)


def belongings(profiles: Sequence[Values], until: dt.datetime) -> dict[str, list[Values]]:
    """Return the addresses and pets of the demo accounts, whose profiles come first."""
    # A generator of its own: the rest of the shop stays as it is.
    rng = random.Random("belongings")
    owners = profiles[: len(DEMO_ACCOUNTS)]
    return {
        "address": [row for owner in owners for row in _addresses(rng, owner, until)],
        "pet": [row for owner in owners for row in _pets(rng, owner, until)],
    }


def _addresses(rng: random.Random, owner: Values, until: dt.datetime) -> Iterator[Values]:
    for number, (label, street, details, city, region, postal_code, country, phone) in enumerate(_ADDRESSES):
        made = until - dt.timedelta(days=60 - number)
        yield {
            "id": id_at("adr", made, rng),
            "user_id": owner["id"],
            "label": label,
            "recipient": owner["name"],
            "address_line1": street,
            "address_line2": details,
            "city": city,
            "region": region,
            "postal_code": postal_code,
            "country_code": country,
            "phone": phone,
            "is_default": number == 0,
            "version": 1,
            "created_at": made,
        }


def _pets(rng: random.Random, owner: Values, until: dt.datetime) -> Iterator[Values]:
    for number, (name, species, breed, size, neck, chest, back, length, weight) in enumerate(_PETS):
        made = until - dt.timedelta(days=50 - number)
        yield {
            "id": id_at("pet", made, rng),
            "user_id": owner["id"],
            "name": name,
            "species": species.name,
            "breed": breed,
            "size": size.name,
            "neck_millimetres": neck,
            "chest_millimetres": chest,
            "back_millimetres": back,
            "length_millimetres": length,
            "weight_grams": weight,
            "version": 1,
            "created_at": made,
        }


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
            "order_pushes": True,
            "pet_species": species.name,
            "pet_breed": breed,
            "pet_size": size.name,
            "version": 1,
        },
    }


def _ascii(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.lower()).encode("ascii", "ignore").decode()
    return "".join(letter for letter in plain if letter.isalpha())
