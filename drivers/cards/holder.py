"""The keys of the holder: a fresh challenge signed with the authentication key, a digest with the signature key.

The order is that of all generations: select DF(BELPIC), choose key and algorithm, verify the PIN, sign. One entry is
sent to the card once. Not for: the PIN's way from the screen (`kiosk.journeys`).
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from drivers.card_contract import (
    Authenticated,
    AuthenticateResult,
    Pin,
    PinEnd,
    PinWrong,
    Signed,
    SignResult,
)
from drivers.cards.beid import commands
from drivers.cards.beid.files import File
from drivers.cards.beid.session import BeidSession, Refused
from drivers.cards.beid.signatures import Algorithm, algorithm_for, decode_from_card, encode_for_card
from drivers.cards.beid.trust import Trust
from drivers.cards.beid.verify import CardFiles, verify_challenge, verify_files
from drivers.cards.pinpad import Pinpad

AUTHENTICATION_KEY, SIGNATURE_KEY = 0x82, 0x83
LABEL = b"zuil card authentication v1\x00"
"""Keeps a signature made here from being one over anything else."""

_CANCELLED = 0x6401


@dataclass(frozen=True)
class Secret:
    """Where the PIN comes from: keyed on the screen, or on the reader."""

    pin: Pin | None
    pinpad: Pinpad | None
    language: str


class Holder:
    """What the holder of the card in `session` can do with the PIN."""

    def __init__(self, session: BeidSession, trust: Trust, now: Callable[[], datetime]) -> None:
        self._session = session
        self._trust = trust
        self._now = now

    def can_authenticate(self) -> bool:
        """Whether the card has an authentication certificate; a card without one is a normal card."""
        return any(self._session.read(File.CERT_AUTHENTICATION))

    def authenticate(self, secret: Secret) -> AuthenticateResult:
        """Let the card sign a fresh challenge, and check what that proves."""
        read = self._session.read
        certificate = read(File.CERT_AUTHENTICATION)
        if not any(certificate):
            return PinEnd.NO_KEY
        files = CardFiles(identity=read(File.IDENTITY), authentication=certificate, issuer=read(File.CERT_CA))
        algorithm = algorithm_for(self._session.data.applet)
        now = self._now()
        message = LABEL + os.urandom(32) + now.isoformat().encode()
        signature = self._signature(AUTHENTICATION_KEY, algorithm, algorithm.digest(message), secret)
        if not isinstance(signature, bytes):
            return signature
        verdict = verify_files(files, self._trust, now)
        return Authenticated(verdict.with_check(verify_challenge(certificate, message, signature, algorithm)))

    def sign(self, digest: bytes, name: str, secret: Secret) -> SignResult:
        """Sign a digest with the non-repudiation key."""
        read = self._session.read
        certificate = read(File.CERT_SIGNATURE)
        if not any(certificate):
            return PinEnd.NO_KEY
        chain = (certificate, read(File.CERT_CA), read(File.CERT_ROOT))
        algorithm = algorithm_for(self._session.data.applet, name)
        signature = self._signature(SIGNATURE_KEY, algorithm, digest, secret)
        return Signed(signature, chain) if isinstance(signature, bytes) else signature

    def _signature(self, key: int, algorithm: Algorithm, digest: bytes, secret: Secret) -> bytes | PinWrong | PinEnd:
        self._session.choose_key(algorithm.mse, key)
        denied = self._denied(self._verified(secret))
        if denied is not None:
            return denied
        return decode_from_card(self._session.sign(encode_for_card(digest, algorithm)), algorithm)

    def _verified(self, secret: Secret) -> int:
        """The status word of the one VERIFY of this entry."""
        if secret.pinpad is not None:
            return secret.pinpad.verify(secret.language)
        if secret.pin is None or not secret.pin.complete:
            return _CANCELLED
        block = bytearray(8)
        try:
            secret.pin.write_block(block)
            return self._session.verify(block)
        finally:
            block[:] = bytes(8)

    def _denied(self, sw: int) -> PinWrong | PinEnd | None:
        match sw:
            case 0x9000:
                return None
            case 0x63C0 | 0x6983:
                return PinEnd.BLOCKED
            case _ if sw >> 4 == 0x63C:
                return PinWrong(sw & 0xF)
            case 0x6400:
                return PinEnd.TIMED_OUT
            case 0x6401:
                return PinEnd.CANCELLED
            case _:
                raise Refused(commands.verify(), sw)
