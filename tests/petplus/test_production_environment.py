"""`petplus keys environment`: a file of secrets that nobody else has, or one sentence about what production refuses."""

import asyncio
import base64

import pytest
from typer.testing import CliRunner

from petplus.cli.main import app
from shared.core.secret_strength import is_guessable

HTTPS = ("--origin", "https://shop.example")


async def petplus(*arguments: str) -> tuple[int, str, str]:
    """Run the command; returns its exit status, its output and its complaint."""
    done = await asyncio.to_thread(CliRunner().invoke, app, ["keys", "environment", *arguments])
    return done.exit_code, done.stdout, done.stderr.strip()


async def test_it_prints_addresses_and_random_secrets_that_stand_in_urls() -> None:
    status, said, _ = await petplus(*HTTPS, "--smtp", "smtps://[::1]:465")
    assert status == 0
    variables = dict(line.split("=", 1) for line in said.splitlines() if not line.startswith("#"))
    assert (variables["PETPLUS_PUBLIC_ORIGINS"], variables["PETPLUS_PASSKEY_RP_ID"]) == (HTTPS[1], "shop.example")
    assert (variables["PETPLUS_UNSUBSCRIBE_URL"], variables["PETPLUS_SMTP_URL"]) == (HTTPS[1], "smtps://[::1]:465")
    assert "PETPLUS_DROP_MAILS" not in variables
    secrets = {name: value for name, value in variables.items() if "SECRET" in name or "PASSWORD" in name}
    assert len(set(secrets.values())) == len(secrets) == 8
    assert not [name for name, value in secrets.items() if is_guessable(value)]
    assert all(value.isalnum() for name, value in secrets.items() if "WEBHOOK" not in name)
    standard = base64.b64decode(secrets["PETPLUS_INTERNAL_WEBHOOK_SECRETS"].removeprefix("whsec_"), validate=True)
    assert len(standard) == 32


async def test_without_a_mail_server_mails_are_dropped_and_said_so() -> None:
    _, said, _ = await petplus("--origin", "http://localhost:4000")
    assert "PETPLUS_DROP_MAILS=on\n" in said
    # Mail programs follow no other than https.
    assert "PETPLUS_UNSUBSCRIBE_URL" not in said


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("--origin", "shop.example"), "The origin must be one such as https://shop.example, without a path."),
        (("--origin", "https://shop.example/"), "The origin must be one such as https://shop.example, without a path."),
        (("--origin", "http://shop.example"), "The origin must begin with https://; http:// is for localhost alone."),
        (
            (*HTTPS, "--smtp", "mail.example"),
            "The mail server must be an smtp://, smtp+starttls:// or smtps:// address.",
        ),
    ],
)
async def test_what_production_would_refuse_is_one_sentence_and_no_file(
    arguments: tuple[str, ...], complaint: str
) -> None:
    assert await petplus(*arguments) == (1, "", complaint)
