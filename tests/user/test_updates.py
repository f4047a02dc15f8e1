"""Updates of accounts: a field that is left out does not change, and null removes its value or is refused there."""

import pytest

from tests.support.accounts import log_in, open_account
from tests.support.apps import Served

PROBLEMS = "__typename ... on InvalidInputProblem { fields { path code } }"
PREFERENCES = "preferences { theme locale currency marketingEmails orderEmails petSpecies petBreed petSize version }"
SET_PREFERENCES = f"""mutation ($input: PreferencesUpdateInput!) {{ preferencesUpdate(input: $input) {{
  {PROBLEMS} ... on PreferencesUpdateSuccess {{ {PREFERENCES} }} }} }}"""
SET_PROFILE = f"""mutation ($input: ProfileUpdateInput!) {{ profileUpdate(input: $input) {{
  {PROBLEMS} ... on ProfileUpdateSuccess {{ user {{ name avatarUrl version }} }} }} }}"""
PET = {"petSpecies": "DOG", "petBreed": "Whippet", "petSize": "LARGE"}


@pytest.fixture
async def token(user: Served) -> str:
    session = await log_in(user, await open_account(user))
    return str(session["accessToken"])


async def test_null_removes_the_pet_and_nothing_else(user: Served, token: str) -> None:
    before = (await user.execute(SET_PREFERENCES, token, input={"version": 1, **PET})).data["preferencesUpdate"]
    assert before["preferences"].items() >= PET.items()
    removed = {"version": 2, "theme": "DARK", "petBreed": None}
    after = (await user.execute(SET_PREFERENCES, token, input=removed)).data["preferencesUpdate"]
    changed = {"theme": "DARK", "petBreed": None, "version": 3}
    assert after["preferences"] == before["preferences"] | changed
    removed = {"version": 3, "petSpecies": None, "petSize": None}
    after = (await user.execute(SET_PREFERENCES, token, input=removed)).data["preferencesUpdate"]
    assert [after["preferences"][name] for name in PET] == [None, None, None]
    assert after["preferences"]["theme"] == "DARK"


async def test_an_empty_breed_is_none(user: Served, token: str) -> None:
    await user.execute(SET_PREFERENCES, token, input={"version": 1, **PET})
    after = (await user.execute(SET_PREFERENCES, token, input={"version": 2, "petBreed": ""})).data
    assert after["preferencesUpdate"]["preferences"]["petBreed"] is None


async def test_variables_that_are_left_out_change_nothing(user: Served, token: str) -> None:
    await user.execute(SET_PREFERENCES, token, input={"version": 1, **PET})
    query = f"""mutation ($breed: String, $size: PetSize) {{
      preferencesUpdate(input: {{ version: 2, petBreed: $breed, petSize: $size, theme: DARK }}) {{
        ... on PreferencesUpdateSuccess {{ {PREFERENCES} }} }} }}"""
    after = (await user.execute(query, token, size=None)).data["preferencesUpdate"]["preferences"]
    assert (after["petBreed"], after["petSize"], after["theme"]) == ("Whippet", None, "DARK")


@pytest.mark.parametrize("name", ["locale", "currency", "theme", "marketingEmails", "orderEmails"])
async def test_a_preference_that_cannot_be_removed_is_refused_at_its_field(user: Served, token: str, name: str) -> None:
    given = {"version": 1, "petBreed": "Whippet", name: None}
    refused = (await user.execute(SET_PREFERENCES, token, input=given)).data["preferencesUpdate"]
    assert refused == {"__typename": "InvalidInputProblem", "fields": [{"path": f"input.{name}", "code": "REQUIRED"}]}
    shown = (await user.execute(f"{{ me {{ {PREFERENCES} }} }}", token)).data["me"]["preferences"]
    assert (shown["version"], shown["petBreed"]) == (1, None)


async def test_null_removes_the_picture_and_no_name(user: Served, token: str) -> None:
    picture = "https://pictures.example/clara.png"
    before = (await user.execute(SET_PROFILE, token, input={"version": 1, "avatarUrl": picture})).data["profileUpdate"]
    assert before["user"]["avatarUrl"] == picture
    refused = (await user.execute(SET_PROFILE, token, input={"version": 2, "name": None, "avatarUrl": None})).data
    assert refused["profileUpdate"]["fields"] == [{"path": "input.name", "code": "REQUIRED"}]
    after = (await user.execute(SET_PROFILE, token, input={"version": 2, "avatarUrl": None})).data["profileUpdate"]
    assert after["user"] == before["user"] | {"avatarUrl": None, "version": 3}


@pytest.mark.parametrize(("locale", "language"), [("de-AT", "DE"), ("fr", "FR"), ("nl-BE", "NL"), ("es-ES", "EN")])
async def test_the_language_of_texts_follows_the_locale(user: Served, token: str, locale: str, language: str) -> None:
    query = """mutation ($input: PreferencesUpdateInput!) { preferencesUpdate(input: $input) {
      ... on PreferencesUpdateSuccess { preferences { locale language } } } }"""
    after = (await user.execute(query, token, input={"version": 1, "locale": locale})).data["preferencesUpdate"]
    assert after["preferences"] == {"locale": locale, "language": language}
