"""Says what is wrong with the certificates of router and subgraphs, before a connection fails for it."""

import datetime as dt
from pathlib import Path
from typing import NamedTuple

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from cryptography.x509.oid import ExtendedKeyUsageOID

from shared.http.mutual_tls import AUTHORITY_FILE, CERTIFICATE_FILE, KEY_FILE, ROUTER, SUBGRAPHS

RENEWED_BEFORE = dt.timedelta(days=14)
"""A certificate that is not renewed so long before its end is going to be forgotten."""
USAGES = {ROUTER: ExtendedKeyUsageOID.CLIENT_AUTH, SUBGRAPHS: ExtendedKeyUsageOID.SERVER_AUTH}


class Examined(NamedTuple):
    """What a look at one certificate has found; `fault` is a sentence, or None."""

    fact: str
    fault: str | None


def roles_in(directory: Path) -> list[str]:
    """Return whose certificates are there: a machine may need one alone."""
    return [role for role in USAGES if (directory / role).is_dir()]


def examine_certificate(directory: Path, role: str, now: dt.datetime) -> Examined:
    """Look at the certificate of the router or the subgraphs."""
    own = directory / role
    try:
        certificate = x509.load_pem_x509_certificate((own / CERTIFICATE_FILE).read_bytes())
        key = load_pem_private_key((own / KEY_FILE).read_bytes(), None)
        authority = x509.load_pem_x509_certificate((own / AUTHORITY_FILE).read_bytes())
    except (OSError, ValueError) as error:
        return Examined(
            "cannot be read", f"{own} must hold three files of PEM that can be read: {type(error).__name__}."
        )
    fact = f"until {certificate.not_valid_after_utc:%Y-%m-%d}"
    return Examined(
        fact,
        _mismatch(certificate, key.public_key(), role)
        or _age(certificate, now)
        or _issuers(directory, certificate, authority),
    )


def _mismatch(certificate: x509.Certificate, public_key: object, role: str) -> str | None:
    if certificate.public_key() != public_key:
        return f"{KEY_FILE} is not the key of {CERTIFICATE_FILE}: copy both of one renewal."
    try:
        usages = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except x509.ExtensionNotFound:
        usages = x509.ExtendedKeyUsage([])
    if USAGES[role] not in usages:
        kind = "clients" if role == ROUTER else "servers"
        return f"It is not for {kind}, so the other side refuses it: add the extended key usage of {kind}."
    return None


def _age(certificate: x509.Certificate, now: dt.datetime) -> str | None:
    if now < certificate.not_valid_before_utc:
        return "It is not valid yet: look at the clock of this machine."
    if now >= certificate.not_valid_after_utc:
        return "It has expired, and connections fail: renew it by `petplus keys certificates`."
    if now >= certificate.not_valid_after_utc - RENEWED_BEFORE:
        return f"It ends within {RENEWED_BEFORE.days} days: renew it by `petplus keys certificates`."
    return None


def _issuers(directory: Path, certificate: x509.Certificate, authority: x509.Certificate) -> str | None:
    if not _is_issued(certificate, authority):
        return f"{AUTHORITY_FILE} has not signed {CERTIFICATE_FILE}: copy both of one authority."
    authorities = {(directory / each / AUTHORITY_FILE).read_bytes() for each in roles_in(directory)}
    if len(authorities) > 1:
        return "Router and subgraphs have different authorities, and refuse each other: make both anew by one."
    return None


def _is_issued(certificate: x509.Certificate, authority: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(authority)
    except (InvalidSignature, ValueError, TypeError):
        return False
    return True
