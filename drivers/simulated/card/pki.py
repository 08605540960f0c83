"""The authorities behind simulated cards: two roots, citizens, foreigners, the national register. Worth nothing.

One world a process: cards made in the same process stand under the same roots, `trust_pem` gives them to whoever is
to trust them. Not for: cards (`personalise`).
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from drivers.simulated.card.certificates import Authority, Wanted, country_and, issue, revocation_list
from drivers.simulated.card.generation import TRAITS, Generation
from drivers.simulated.card.keys import curve_key, rsa_key

BEGIN, END = datetime(2003, 1, 1, tzinfo=UTC), datetime(2099, 12, 31, tzinfo=UTC)
"""Authorities are valid on any day somebody may set a clock to."""
CURVE_BEGIN = datetime(2020, 6, 3, tzinfo=UTC)
"""Elliptic authorities are as young as the real ones: a re-keyed card is older than its register certificate."""

_lock = threading.RLock()
_worlds: dict[Generation, World] = {}


@dataclass(frozen=True)
class World:
    """Authorities of one generation of cards.

    Attributes:
        register: signs identity and address (subject CN=RRN).
    """

    root: Authority
    citizens: Authority
    foreigners: Authority
    register: Authority


def world(generation: Generation) -> World:
    """The authorities of a generation, always the same ones within a process."""
    with _lock:
        if generation not in _worlds:
            _worlds[generation] = _rsa_world(generation) if not TRAITS[generation].curve_root else _curve_world()
        return _worlds[generation]


def trust_pem() -> bytes:
    """Both roots, PEM, marked as test roots: what a kiosk must be given to believe these cards."""
    roots = (world(Generation.V1_7).root, world(Generation.V1_8).root)
    return b"# test roots\n" + b"".join(
        x509.load_der_x509_certificate(root.certificate).public_bytes(Encoding.PEM) for root in roots
    )


def revocations(issuer: Authority, certificates: tuple[bytes, ...], today: date) -> bytes:
    """The list of an issuer on which these DER certificates stand, DER, made at the start of `today`."""
    serials = [x509.load_der_x509_certificate(certificate).serial_number for certificate in certificates]
    return revocation_list(issuer, serials, datetime.combine(today, time(), UTC), timedelta(days=7))


def _rsa_world(generation: Generation) -> World:
    """Both RSA generations have root and issuers in common; only the register's signature differs."""
    other = _worlds.get(Generation.V1_7 if generation is Generation.V1_1 else Generation.V1_1)
    root = other.root if other else issue(_authority("Zuil Test Root CA"), rsa_key("root", 2048), 1, None)
    first = generation is Generation.V1_1
    register = issue(_register(), rsa_key("register", 1024 if first else 2048), 12 if first else 13, root, sha1=first)
    if other:
        return World(root, other.citizens, other.foreigners, register)
    citizens = issue(_authority("Citizen CA", "201707"), rsa_key("citizens", 2048), 10, root)
    foreigners = issue(_authority("Foreigner CA", "201707"), rsa_key("foreigners", 2048), 11, root)
    return World(root, citizens, foreigners, register)


def _curve_world() -> World:
    existing = _worlds.get(Generation.V1_8) or _worlds.get(Generation.V1_7_REKEYED)
    if existing:
        return existing
    root = issue(_authority("Zuil Test Root CA EC", begin=CURVE_BEGIN), curve_key("root"), 2, None)
    return World(
        root,
        issue(_authority("Citizen CA", "202007", CURVE_BEGIN), curve_key("citizens"), 20, root),
        issue(_authority("Foreigner CA", "202007", CURVE_BEGIN), curve_key("foreigners"), 21, root),
        issue(_register(CURVE_BEGIN), curve_key("register"), 22, root),
    )


def _authority(name: str, number: str = "", begin: datetime = BEGIN) -> Wanted:
    more = {"serial_number": number} if number else {"organization_name": "Worthless test keys"}
    return Wanted(country_and(name, **more), "authority", begin, END)


def _register(begin: datetime = BEGIN) -> Wanted:
    return Wanted(country_and("RRN", organization_name="RRN"), "digital_signature", begin, END)
