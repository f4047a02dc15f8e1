"""Makes the certificates by which router and subgraphs know each other: an authority of the shop's own, and two of it.

The router's certificate is good for clients alone and the subgraphs' for servers alone (extended key usage, RFC 5280,
section 4.2.1.12), so that no subgraph passes for the router. Who has a certificate manager needs none of this: its
Secrets have the same files.
"""

import datetime as dt
from collections.abc import Sequence
from ipaddress import ip_address
from pathlib import Path
from typing import NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from petplus.local.process import ServiceError
from shared.core.private_files import write_private
from shared.http.mutual_tls import AUTHORITY_FILE, CERTIFICATE_FILE, KEY_FILE, ROUTER, SUBGRAPHS

AUTHORITY = "authority"
AUTHORITY_YEARS = 10
_CLOCK_LEEWAY = dt.timedelta(hours=1)


class Signer(NamedTuple):
    """An authority: its certificate and its key."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey


def write_certificates(directory: Path, hosts: Sequence[str], days: int) -> dt.datetime:
    """Write new certificates of the authority in a directory, which is made if there is none; returns when they end.

    `hosts` are the names and addresses by which the router reaches the subgraphs. Raises ServiceError where the files
    cannot be written, or where what is there is no authority.
    """
    try:
        signer = _authority(directory / AUTHORITY)
        until = dt.datetime.now(dt.UTC) + dt.timedelta(days=days)
        names = x509.SubjectAlternativeName([_name_of(host) for host in hosts])
        _write_leaf(
            directory / SUBGRAPHS, signer, "All Pet Plus subgraphs", ExtendedKeyUsageOID.SERVER_AUTH, until, names
        )
        _write_leaf(directory / ROUTER, signer, "All Pet Plus router", ExtendedKeyUsageOID.CLIENT_AUTH, until, None)
    except OSError as error:
        raise ServiceError(f"{directory} cannot be written: {error.strerror}.") from None
    return until


def _authority(directory: Path) -> Signer:
    certificate_file, key_file = directory / AUTHORITY_FILE, directory / KEY_FILE
    if key_file.exists():
        try:
            key = load_pem_private_key(key_file.read_bytes(), None)
            certificate = x509.load_pem_x509_certificate(certificate_file.read_bytes())
        except ValueError:
            key = None
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise ServiceError(f"{directory} holds no authority that can be used.")
        return Signer(certificate, key)
    key = ec.generate_private_key(ec.SECP256R1())
    until = dt.datetime.now(dt.UTC) + dt.timedelta(days=365 * AUTHORITY_YEARS)
    builder = _builder("All Pet Plus authority", key, until)
    builder = builder.issuer_name(_subject("All Pet Plus authority"))
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    builder = builder.add_extension(_usage(signs_certificates=True), critical=True)
    certificate = builder.sign(key, hashes.SHA256())
    write_private(directory, KEY_FILE, _private(key))
    write_private(directory, AUTHORITY_FILE, certificate.public_bytes(Encoding.PEM))
    return Signer(certificate, key)


def _write_leaf(
    directory: Path,
    signer: Signer,
    common_name: str,
    usage: x509.ObjectIdentifier,
    until: dt.datetime,
    names: x509.SubjectAlternativeName | None,
) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    builder = _builder(common_name, key, until).issuer_name(signer.certificate.subject)
    builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    builder = builder.add_extension(_usage(signs_certificates=False), critical=True)
    builder = builder.add_extension(x509.ExtendedKeyUsage([usage]), critical=False)
    issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.key.public_key())
    builder = builder.add_extension(issuer, critical=False)
    if names is not None:
        builder = builder.add_extension(names, critical=False)
    certificate = builder.sign(signer.key, hashes.SHA256())
    write_private(directory, KEY_FILE, _private(key))
    write_private(directory, CERTIFICATE_FILE, certificate.public_bytes(Encoding.PEM))
    write_private(directory, AUTHORITY_FILE, signer.certificate.public_bytes(Encoding.PEM))


def _builder(common_name: str, key: ec.EllipticCurvePrivateKey, until: dt.datetime) -> x509.CertificateBuilder:
    public, now = key.public_key(), dt.datetime.now(dt.UTC)
    builder = x509.CertificateBuilder(subject_name=_subject(common_name), public_key=public)
    builder = builder.serial_number(x509.random_serial_number())
    builder = builder.not_valid_before(now - _CLOCK_LEEWAY).not_valid_after(until)
    return builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)


def _subject(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _name_of(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def _private(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
