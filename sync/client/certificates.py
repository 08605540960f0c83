"""Gets the column's sealing key its certificate, in good time before the last one ends. A pure step.

The private half never leaves the column. An answer counts only when it is signed by the pinned key, answers our
question, and certifies our key under our name. Not for: when to ask (`loop`) or sealing (`kiosk.documents.seal`).
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import ValidationError

from sync.client.answers import Defect, NotOurServer, Trouble
from sync.client.asking import Asker
from sync.client.identity import write_durably
from sync.protocol.attests import CERTIFICATE, CERTIFICATE_REQUEST, CertificateGrant
from sync.protocol.canonical import b64url, unb64url

if TYPE_CHECKING:
    from kiosk.documents.seal.keys import FileAttestKey

FOLDER = "attest"
"""Of the key and its certificate, in the identity folder."""
AUTHORITY_FILE = "authority.der"
"""The municipality's authority as last told, in the identity folder."""
_log = logging.getLogger("zuil.sync")


@dataclass(frozen=True)
class Certified:
    """The column has a new key with its certificate.

    Attributes:
        valid_to: when the certificate ends.
    """

    valid_to: datetime


class Certifier:
    """Sees that the column can seal attests.

    Args:
        directory: identity folder.
    """

    def __init__(self, asker: Asker, directory: Path) -> None:
        self._asker = asker
        self._directory = directory
        self._folder = directory / FOLDER
        self._request: bytes | None = None

    def step(self) -> Certified | Trouble | None:
        """Ask once, where there is no good key or less than a third of its life is left; None when there is no need.

        The same request is sent until it is answered, because its key may have been certified and the answer lost.
        """
        from kiosk.documents.seal.keys import make_request

        if not self._needed():
            return None
        try:
            if self._request is None:
                self._request = make_request(self._folder)
            outcome = self._ask(self._request)
        except OSError as error:
            _log.warning("the sealing key cannot be kept (%s); no attests until it can", error.strerror)
            return Defect("attestKeyNotKept")
        if isinstance(outcome, (Certified, Defect)):
            # Refused for good: the next attempt makes another key.
            self._request = None
        return outcome

    def _needed(self) -> bool:
        from kiosk.documents.seal.keys import FileAttestKey, NoAttestKey

        try:
            key = FileAttestKey.load(self._folder)
        except NoAttestKey:
            return True
        life = key.valid_to - key.valid_from
        return key.valid_to - self._asker.now() < life / 3 or not self._is_ours(key.certificate)

    def _is_ours(self, certificate: bytes) -> bool:
        """Whether it names this column as it is enrolled now, and not as it was once."""
        from cryptography import x509
        from cryptography.x509.oid import NameOID

        try:
            names = x509.load_der_x509_certificate(certificate).subject.get_attributes_for_oid(NameOID.COMMON_NAME)
        except ValueError:
            return False
        return [name.value for name in names] == [self._asker.identity.column.kiosk_id]

    def _ask(self, request: bytes) -> Certified | Trouble:
        answer = self._asker.ask("certificates", (CERTIFICATE_REQUEST, CERTIFICATE), {"csr": b64url(request)})
        if not isinstance(answer, dict):
            return answer
        key = self._install(answer)
        if key is None:
            return NotOurServer("the answer is no certificate for our key")
        write_durably(self._directory / AUTHORITY_FILE, key.chain[-1])
        return Certified(key.valid_to)

    def _install(self, answer: dict[str, object]) -> FileAttestKey | None:
        from kiosk.documents.seal.keys import NoAttestKey, install

        try:
            grant = CertificateGrant.model_validate(answer)
            certificate = unb64url(grant.certificate)
            chain = tuple(unb64url(each) for each in grant.chain)
        except (ValidationError, ValueError):
            return None
        if not chain or not self._is_ours(certificate):
            return None
        try:
            return install(self._folder, certificate, chain)
        except NoAttestKey as error:
            _log.info("the certificate was not taken: %s", error)
            self._request = None
            return None
