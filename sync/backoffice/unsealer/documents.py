"""Making attests in the unsealer: the PDF of a content, sealed by the back office's own key where it has one.

The makers of pages and seals are heavy and are loaded with the first document. Not for: numbering (`central`).
"""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.core.attests import AttestContent, AttestProduct
from kiosk.core.catalogue import Site
from kiosk.core.texts import Texts
from kiosk.documents.seal_contract import CannotMake
from sync.backoffice.core import BackOffice
from sync.backoffice.unsealer.contract import JobRefused, Trouble

if TYPE_CHECKING:
    from kiosk.documents.attest.page import AttestPages
    from kiosk.documents.seal.keys import FileAttestKey

_ASSETS = Path(__file__).resolve().parents[3] / "assets"
_RENEW = timedelta(days=14)
"""A certificate with less life than this is replaced before the next document."""


class Documents:
    """Pages and seals of one site.

    Args:
        key_folder: of the back office's own key that seals attests, or None where it makes none.
        verify_url: where anybody can check a code, as printed; may be empty.
    """

    def __init__(
        self,
        office: BackOffice,
        site: Site,
        texts: Texts,
        key_folder: Path | None,
        *,
        verify_url: str = "",
        assets: Path = _ASSETS,
    ) -> None:
        self.texts = texts
        self._office = office
        self._site = site
        self._key_folder = key_folder
        self._verify_url = verify_url
        self._assets = assets
        self._one_renewal = threading.Lock()

    def pdf(self, content: AttestContent, product: AttestProduct, seal: str, *, duplicate: bool = False) -> bytes:
        """The document, sealed as a file too where there is a key.

        Raises:
            JobRefused: CANNOT_MAKE.
        """
        try:
            page = self._pages.pdf(content, product, seal, duplicate=duplicate)
            return self._sealed(page, content) if self._key_folder is not None else page
        except CannotMake as error:
            raise JobRefused(Trouble.CANNOT_MAKE, str(error)) from None

    def check(self, content: AttestContent, product: AttestProduct) -> None:
        """Whether a content could be sealed and made now.

        Raises:
            JobRefused: CANNOT_MAKE.
        """
        self.key()
        try:
            self._pages.check(content, product)
        except CannotMake as error:
            raise JobRefused(Trouble.CANNOT_MAKE, str(error)) from None

    def seal(self, content: AttestContent) -> str:
        """The code of a new document.

        Raises:
            JobRefused: CANNOT_MAKE.
        """
        from kiosk.documents.seal.text import seal_text

        try:
            return seal_text(content, self.key())
        except CannotMake as error:
            raise JobRefused(Trouble.CANNOT_MAKE, str(error)) from None

    def content_of(self, seal: str) -> AttestContent:
        """What a code says.

        Raises:
            JobRefused: CANNOT_MAKE.
        """
        from kiosk.documents.seal.text import content_of

        try:
            return content_of(seal)
        except ValueError as error:
            raise JobRefused(Trouble.CANNOT_MAKE, str(error)) from None

    def key(self) -> FileAttestKey:
        """The back office's own key, made or renewed where that is due.

        Raises:
            JobRefused: CANNOT_MAKE where there is no folder for one, or the site has no authority.
        """
        from kiosk.documents.seal.keys import FileAttestKey, NoAttestKey
        from sync.backoffice.authority import make_office_key
        from sync.backoffice.trust import NoAuthority

        if self._key_folder is None:
            raise JobRefused(Trouble.CANNOT_MAKE, "start the unsealer with --attest-key to make documents here")
        with self._one_renewal:
            try:
                found = FileAttestKey.load(self._key_folder)
                if found.valid_to - self._now() > _RENEW:
                    return found
            except NoAttestKey:
                pass  # the first document, or a folder that was lost: a new key takes nothing away
            try:
                make_office_key(self._office, self._key_folder)
            except NoAuthority as error:
                raise JobRefused(Trouble.CANNOT_MAKE, str(error)) from None
            return FileAttestKey.load(self._key_folder)

    def _sealed(self, page: bytes, content: AttestContent) -> bytes:
        from kiosk.documents.attest.pdf_seal import seal_pdf

        capacity = self._site.signing.capacity if self._site.signing is not None else None
        reason = self.texts.spoken(capacity, content.language) if capacity is not None else ""
        return seal_pdf(page, self.key(), location=content.place, reason=reason, signed_at=self._now())

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self._office.clock() // 1000, UTC)

    @cached_property
    def _pages(self) -> AttestPages:
        from kiosk.documents.attest.page import AttestPages

        return AttestPages(
            self._site, self.texts, self._assets / "fonts", self._assets / "documents", verify_url=self._verify_url
        )
