"""Signatures against the senders' published values, and against everything that is not one."""

import base64
import hashlib
import hmac
from collections.abc import Callable

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from stripe import SignatureVerificationError, WebhookSignature

from shared.core.settings import Settings, SettingsError
from subgraphs.webhook.enums import WebhookSource, WebhookVerdict
from subgraphs.webhook.service.signatures import verify_shopify, verify_standard, verify_stripe
from subgraphs.webhook.settings import DEVELOPMENT_SECRETS, load_secrets

VERIFIED, MISSING, WRONG, STALE = WebhookVerdict

ORDER = b'{"id":820982911946154508,"name":"#9999"}'
ORDER_SIGNATURE = "YBwnJ9vsibq7srObgXybmGHWuwos+jDEL//7749XS78="

STANDARD_KEY = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
STANDARD_BODY = b'{"test": 2432232314}'
STANDARD = {
    "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
    "webhook-timestamp": "1614265330",
    "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
}
SIGNED_AT = 1614265330


def stripe_header(key: bytes, body: bytes, at: int) -> str:
    return f"t={at},v1={hmac.new(key, f'{at}.'.encode() + body, hashlib.sha256).hexdigest()}"


def test_shopifys_published_value_is_verified() -> None:
    assert verify_shopify([b"hush"], {"x-shopify-hmac-sha256": ORDER_SIGNATURE}, ORDER, 0) is VERIFIED


def test_standard_webhooks_published_value_is_verified() -> None:
    assert verify_standard([STANDARD_KEY], STANDARD, STANDARD_BODY, SIGNED_AT) is VERIFIED


def test_either_of_two_secrets_is_valid_while_they_change() -> None:
    shopify = {"x-shopify-hmac-sha256": ORDER_SIGNATURE}
    assert verify_shopify([b"new", b"hush"], shopify, ORDER, 0) is VERIFIED
    assert verify_shopify([b"new"], shopify, ORDER, 0) is WRONG
    stripe = {"stripe-signature": stripe_header(b"old", ORDER, 1000)}
    assert verify_stripe([b"new", b"old"], stripe, ORDER, 1000) is VERIFIED
    assert verify_standard([b"new", STANDARD_KEY], STANDARD, STANDARD_BODY, SIGNED_AT) is VERIFIED


def test_any_of_several_signatures_may_match() -> None:
    stripe = stripe_header(b"key", ORDER, 1000).replace(",v1=", f",v0=abc,v1={'0' * 64},v1=")
    assert verify_stripe([b"key"], {"stripe-signature": stripe}, ORDER, 1000) is VERIFIED
    several = STANDARD | {"webhook-signature": f"v1a,AAAA v1,{'A' * 43}= {STANDARD['webhook-signature']}"}
    assert verify_standard([STANDARD_KEY], several, STANDARD_BODY, SIGNED_AT) is VERIFIED


@pytest.mark.parametrize(
    ("seconds_away", "verdict"), [(-301, STALE), (-300, VERIFIED), (0, VERIFIED), (300, VERIFIED), (301, STALE)]
)
def test_a_signed_time_is_good_for_five_minutes_either_way(seconds_away: int, verdict: WebhookVerdict) -> None:
    stripe = {"stripe-signature": stripe_header(b"key", ORDER, SIGNED_AT)}
    assert verify_stripe([b"key"], stripe, ORDER, SIGNED_AT + seconds_away) is verdict
    assert verify_standard([STANDARD_KEY], STANDARD, STANDARD_BODY, SIGNED_AT + seconds_away) is verdict


@pytest.mark.parametrize(
    "header",
    ["", "t=1000", "v1=00", "t=,v1=00", "t=1e3,v1=00", "t=-1,v1=00", "t=\xb2,v1=00", "t=" + "9" * 5000 + ",v1=0"],
)
def test_a_header_that_is_no_stripe_signature_is_missing(header: str) -> None:
    assert verify_stripe([b"key"], {"stripe-signature": header}, ORDER, 1000) is MISSING


@given(st.integers(0, len(ORDER) * 8 - 1))
def test_any_flipped_bit_of_the_body_is_found(bit: int) -> None:
    altered = bytearray(ORDER)
    altered[bit // 8] ^= 1 << bit % 8
    stripe = {"stripe-signature": stripe_header(b"key", ORDER, 1000)}
    assert verify_shopify([b"hush"], {"x-shopify-hmac-sha256": ORDER_SIGNATURE}, bytes(altered), 0) is WRONG
    assert verify_stripe([b"key"], stripe, bytes(altered), 1000) is WRONG


@given(st.text(), st.text(), st.text())
def test_no_text_in_a_header_raises_or_passes(one: str, two: str, three: str) -> None:
    refused = (MISSING, WRONG)
    assert verify_shopify([b"key"], {"x-shopify-hmac-sha256": one}, ORDER, 0) in refused
    assert verify_stripe([b"key"], {"stripe-signature": one}, ORDER, 0) in refused
    assert verify_stripe([b"key"], {"stripe-signature": f"t=0,v1={one}"}, ORDER, 0) in refused
    standard = {"webhook-id": one, "webhook-timestamp": two, "webhook-signature": f"v1,{three}"}
    assert verify_standard([b"key"], standard, ORDER, 0) in refused


@given(st.integers(0, 43), st.characters())
def test_any_other_character_in_a_signature_is_found(place: int, other: str) -> None:
    hexed = hmac.new(b"key", b"1000." + ORDER, hashlib.sha256).hexdigest()
    senders: list[tuple[str, Callable[[str], WebhookVerdict]]] = [
        (ORDER_SIGNATURE, lambda it: verify_shopify([b"hush"], {"x-shopify-hmac-sha256": it}, ORDER, 0)),
        (
            STANDARD["webhook-signature"].removeprefix("v1,"),
            lambda it: verify_standard(
                [STANDARD_KEY], STANDARD | {"webhook-signature": f"v1,{it}"}, STANDARD_BODY, SIGNED_AT
            ),
        ),
        (hexed, lambda it: verify_stripe([b"key"], {"stripe-signature": f"t=1000,v1={it}"}, ORDER, 1000)),
    ]
    for signature, verify in senders:
        altered = signature[:place] + other + signature[place + 1 :]
        assert verify(signature) is VERIFIED
        assume(altered != signature)
        assert verify(altered) is not VERIFIED


@pytest.mark.parametrize(
    "encode",
    [
        lambda digest: digest.hex(),
        lambda digest: base64.urlsafe_b64encode(digest).decode(),
        lambda digest: base64.b64encode(digest).decode().rstrip("="),
        lambda digest: base64.b64encode(digest.hex().encode()).decode(),
        lambda digest: base64.b64encode(digest).decode() + "=",
        lambda digest: base64.b64encode(digest).decode().lower(),
    ],
)
def test_a_true_digest_in_another_encoding_is_refused(encode: Callable[[bytes], str]) -> None:
    # This body's digests hold what tells the encodings apart.
    body = ORDER + b" "
    of_shop = hmac.digest(b"hush", body, hashlib.sha256)
    of_payment = hmac.digest(b"hush", b"1000." + body, hashlib.sha256)
    of_message = hmac.digest(b"hush", b"msg.1000." + body, hashlib.sha256)
    assert {"+", "/"} & set(base64.b64encode(of_shop).decode())
    assert verify_shopify([b"hush"], {"x-shopify-hmac-sha256": encode(of_shop)}, body, 0) is WRONG
    given_standard = {"webhook-id": "msg", "webhook-timestamp": "1000", "webhook-signature": f"v1,{encode(of_message)}"}
    assert {"+", "/"} & set(base64.b64encode(of_message).decode())
    assert verify_standard([b"hush"], given_standard, body, 1000) is WRONG
    if encode(of_payment) != of_payment.hex():
        assert verify_stripe([b"hush"], {"stripe-signature": f"t=1000,v1={encode(of_payment)}"}, body, 1000) is WRONG
    upper = {"stripe-signature": f"t=1000,v1={of_payment.hex().upper()}"}
    assert verify_stripe([b"hush"], upper, body, 1000) is WRONG


def test_a_signature_of_one_sender_is_none_of_another() -> None:
    digest = hmac.digest(b"key", ORDER, hashlib.sha256)
    assert verify_stripe([b"key"], {"stripe-signature": f"t=1000,v1={digest.hex()}"}, ORDER, 1000) is WRONG
    of_payment = base64.b64encode(hmac.digest(b"key", b"1000." + ORDER, hashlib.sha256)).decode()
    assert verify_shopify([b"key"], {"x-shopify-hmac-sha256": of_payment}, ORDER, 1000) is WRONG
    given_standard = {"webhook-id": "1000", "webhook-timestamp": "1000", "webhook-signature": f"v1,{of_payment}"}
    assert verify_standard([b"key"], given_standard, ORDER, 1000) is WRONG


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@given(st.text(min_size=1), st.sampled_from(["right", "wrong key", "other time", "other body", "garbage"]), st.text())
def test_stripes_own_library_agrees_on_every_header(body: str, kind: str, garbage: str) -> None:
    body = body.encode("utf-8", "replace").decode()
    key = "whsec_wrong" if kind == "wrong key" else "whsec_right"
    signed_body = body + "x" if kind == "other body" else body
    header = WebhookSignature.generate_signature_header(signed_body, key, SIGNED_AT)
    if kind == "other time":
        header = header.replace(f"t={SIGNED_AT}", f"t={SIGNED_AT + 1}")
    elif kind == "garbage":
        header = garbage
    try:
        verified = WebhookSignature.verify_header(body, header, "whsec_right")
    except SignatureVerificationError:
        verified = False
    verdict = verify_stripe([b"whsec_right"], {"stripe-signature": header}, body.encode(), SIGNED_AT)
    assert (verdict is VERIFIED) is verified is (kind == "right")


def test_development_has_documented_secrets(base_settings: Settings) -> None:
    secrets = load_secrets(base_settings)
    assert list(secrets.of(WebhookSource.SHOPIFY)) == [b"development-shopify-webhook-secret"]
    assert list(secrets.of(WebhookSource.STRIPE)) == [b"whsec_development-stripe-webhook-secret"]
    assert list(secrets.of(WebhookSource.INTERNAL)) == [b"development-internal-webhook-secret"]


def test_several_secrets_are_separated_by_commas(base_settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PETPLUS_SHOPIFY_WEBHOOK_SECRETS", "new, old,")
    assert list(load_secrets(base_settings).of(WebhookSource.SHOPIFY)) == [b"new", b"old"]


@pytest.mark.parametrize("given_secret", ["", DEVELOPMENT_SECRETS["STRIPE"]])
def test_production_refuses_development_secrets(
    base_settings: Settings, monkeypatch: pytest.MonkeyPatch, given_secret: str
) -> None:
    monkeypatch.setenv("PETPLUS_SHOPIFY_WEBHOOK_SECRETS", "real")
    monkeypatch.setenv("PETPLUS_STRIPE_WEBHOOK_SECRETS", given_secret)
    production = base_settings.model_copy(update={"env": "production"})
    with pytest.raises(SettingsError, match="PETPLUS_STRIPE_WEBHOOK_SECRETS must be set in production"):
        load_secrets(production)


@pytest.mark.parametrize("given_secret", ["whsec_not base64!", "whsec_"])
def test_a_secret_that_cannot_be_one_stops_the_start(
    base_settings: Settings, monkeypatch: pytest.MonkeyPatch, given_secret: str
) -> None:
    monkeypatch.setenv("PETPLUS_INTERNAL_WEBHOOK_SECRETS", given_secret)
    with pytest.raises(SettingsError, match="PETPLUS_INTERNAL_WEBHOOK_SECRETS is wrong"):
        load_secrets(base_settings)
