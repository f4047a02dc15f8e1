"""What is asked of authenticators, and what their answers prove (WebAuthn Level 2, sections 7.1 and 7.2).

Nothing here reads the database. `webauthn` parses and verifies; what it leaves to its caller is decided here: which
keys and attestations are accepted, that a page in a frame of another site is refused, and that what cannot be read is
one error, whatever it makes the library raise.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import (
    decode_credential_public_key,
    decoded_public_key_to_cryptography,
    parse_attestation_object,
    parse_authentication_credential_json,
    parse_client_data_json,
    parse_registration_credential_json,
)
from webauthn.helpers.cose import COSECRV, COSEAlgorithmIdentifier
from webauthn.helpers.decode_credential_public_key import DecodedEC2PublicKey, DecodedRSAPublicKey
from webauthn.helpers.structs import (
    AttestationFormat,
    AuthenticationCredential,
    AuthenticatorSelectionCriteria,
    AuthenticatorTransport,
    CredentialDeviceType,
    PublicKeyCredentialDescriptor,
    RegistrationCredential,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from shared.core import base64url
from subgraphs.user.errors import WrongPasskey, invalid_passkey_response, passkey_not_accepted
from subgraphs.user.models import Passkey, UserProfile
from subgraphs.user.service.passkey_challenges import LIFETIME_SECONDS
from subgraphs.user.settings import RelyingParty

T = TypeVar("T")

LONGEST_RESPONSE = 16_384
"""Characters; with a key of RSA 4096 and all that browsers add, one has about 6,000."""
_LONGEST_CREDENTIAL_ID = 1023
_LONGEST_KEY = 1024
_RSA_BITS = range(2048, 4096 + 1)
_RSA_EXPONENT = 65537
_SHOP = "All Pet Plus"
_ALGORITHMS = [
    COSEAlgorithmIdentifier.ECDSA_SHA_256,
    COSEAlgorithmIdentifier.EDDSA,
    COSEAlgorithmIdentifier.RSASSA_PKCS1_v1_5_SHA_256,
]


@dataclass(frozen=True)
class Attested:
    """What an authenticator says of a passkey that it has made."""

    credential_id: str
    public_key: bytes
    sign_count: int
    transports: tuple[str, ...]
    backup_eligible: bool
    backed_up: bool


@dataclass(frozen=True)
class Asserted:
    """What an authenticator says when a passkey is used."""

    sign_count: int
    backed_up: bool


@dataclass(frozen=True)
class Registration:
    """An answer to `creation_options` that can be read, and is not verified yet."""

    challenge: bytes
    credential: RegistrationCredential


@dataclass(frozen=True)
class Assertion:
    """An answer to `request_options` that can be read, and is not verified yet; `credential_id` is what it claims."""

    challenge: bytes
    credential_id: str
    credential: AuthenticationCredential


def creation_options(party: RelyingParty, profile: UserProfile, passkeys: Sequence[Passkey], challenge: bytes) -> str:
    """Return a PublicKeyCredentialCreationOptionsJSON for a passkey that an account does not have yet."""
    selection = AuthenticatorSelectionCriteria(
        resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
    )
    options = generate_registration_options(
        rp_id=party.id,
        rp_name=_SHOP,
        user_id=profile.id.encode(),
        user_name=profile.email,
        user_display_name=profile.name,
        challenge=challenge,
        timeout=LIFETIME_SECONDS * 1000,
        authenticator_selection=selection,
        exclude_credentials=_descriptors(passkeys),
        supported_pub_key_algs=_ALGORITHMS,
    )
    return options_to_json(options)


def request_options(party: RelyingParty, challenge: bytes, passkeys: Sequence[Passkey] = ()) -> str:
    """Return a PublicKeyCredentialRequestOptionsJSON: for any passkey of this shop, or for one of some."""
    options = generate_authentication_options(
        rp_id=party.id,
        challenge=challenge,
        timeout=LIFETIME_SECONDS * 1000,
        allow_credentials=_descriptors(passkeys),
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return options_to_json(options)


def read_registration(response: str) -> Registration:
    """Read a RegistrationResponseJSON; raises InvalidInput."""

    def read() -> Registration:
        credential = parse_registration_credential_json(response)
        return Registration(parse_client_data_json(credential.response.client_data_json).challenge, credential)

    return _read(response, read)


def read_assertion(response: str) -> Assertion:
    """Read an AuthenticationResponseJSON; raises InvalidInput."""

    def read() -> Assertion:
        credential = parse_authentication_credential_json(response)
        challenge = parse_client_data_json(credential.response.client_data_json).challenge
        return Assertion(challenge, base64url.encode(credential.raw_id), credential)

    return _read(response, read)


def verify_registration(party: RelyingParty, given: Registration) -> Attested:
    """Verify an answer whose challenge is ours; raises InvalidInput."""
    try:
        return _verified_registration(party, given)
    except Exception:  # what the library does not expect of a stranger makes it raise anything
        raise passkey_not_accepted() from None


def verify_assertion(party: RelyingParty, given: Assertion, passkey: Passkey, user_id: str | None = None) -> Asserted:
    """Verify an answer whose challenge is ours by the passkey that it names; raises WrongPasskey.

    Unless the account is known by its session (`user_id`), the authenticator must name it. The counter is left to the
    caller, who compares it where nobody else can change it.
    """
    try:
        _refuse_other_sites(given.credential.response.client_data_json)
        handle = given.credential.response.user_handle or (user_id or "").encode()
        if handle != passkey.user_id.encode():
            raise _Refused
        verified = verify_authentication_response(
            credential=given.credential,
            expected_challenge=given.challenge,
            expected_rp_id=party.id,
            expected_origin=list(party.origins),
            credential_public_key=passkey.public_key,
            credential_current_sign_count=0,
            require_user_verification=True,
        )
        if _may_leave(verified.credential_device_type) != passkey.backup_eligible:
            raise _Refused
    except Exception:
        raise WrongPasskey from None
    return Asserted(verified.new_sign_count, verified.credential_backed_up)


class _Refused(Exception):
    """An answer is not accepted; callers turn it into what clients see."""


def _verified_registration(party: RelyingParty, given: Registration) -> Attested:
    _refuse_other_sites(given.credential.response.client_data_json)
    attestation = parse_attestation_object(given.credential.response.attestation_object)
    # None was asked for: browsers remove all but the authenticator's signature with the key itself. Certificates are
    # refused before anything reads them.
    is_self = attestation.fmt == AttestationFormat.PACKED and attestation.att_stmt.x5c is None
    if not is_self and attestation.fmt != AttestationFormat.NONE:
        raise _Refused
    verified = verify_registration_response(
        credential=given.credential,
        expected_challenge=given.challenge,
        expected_rp_id=party.id,
        expected_origin=list(party.origins),
        require_user_verification=True,
        supported_pub_key_algs=_ALGORITHMS,
    )
    if verified.credential_id != given.credential.raw_id or len(verified.credential_id) > _LONGEST_CREDENTIAL_ID:
        raise _Refused
    _check_key(verified.credential_public_key)
    return Attested(
        credential_id=base64url.encode(verified.credential_id),
        public_key=verified.credential_public_key,
        sign_count=verified.sign_count,
        transports=tuple(sorted({each.value for each in given.credential.response.transports or ()})),
        backup_eligible=_may_leave(verified.credential_device_type),
        backed_up=verified.credential_backed_up,
    )


def _check_key(encoded: bytes) -> None:
    """Raise for a key that later signatures cannot be verified with, or only slowly, or that is weak."""
    if len(encoded) > _LONGEST_KEY:
        raise _Refused
    key = decode_credential_public_key(encoded)
    decoded_public_key_to_cryptography(key)
    if isinstance(key, DecodedEC2PublicKey) and key.crv != COSECRV.P256:
        raise _Refused
    if isinstance(key, DecodedRSAPublicKey):
        modulus, exponent = int.from_bytes(key.n), int.from_bytes(key.e)
        if modulus.bit_length() not in _RSA_BITS or exponent != _RSA_EXPONENT:
            raise _Refused


def _refuse_other_sites(client_data: bytes) -> None:
    if parse_client_data_json(client_data).cross_origin:
        raise _Refused


def _read(response: str, read: Callable[[], T]) -> T:
    if len(response) > LONGEST_RESPONSE:
        raise invalid_passkey_response()
    try:
        return read()
    except Exception:  # as above
        raise invalid_passkey_response() from None


def _may_leave(kind: CredentialDeviceType) -> bool:
    return kind == CredentialDeviceType.MULTI_DEVICE


def _descriptors(passkeys: Sequence[Passkey]) -> list[PublicKeyCredentialDescriptor]:
    return [
        PublicKeyCredentialDescriptor(
            id=base64url.decode(passkey.credential_id),
            transports=[AuthenticatorTransport(each) for each in passkey.transports],
        )
        for passkey in passkeys
    ]
