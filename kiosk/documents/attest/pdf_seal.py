"""The seal in the PDF: PAdES B-B, certifying, no change allowed afterwards; invisible, so that the page stays as made.

Off line there is no time stamp: the time in it is the column's claim, and the back office may add its own proof of
time, which is no change. Nothing is ever fetched. Not for: checking (`kiosk.documents.attest.pdf_check`).
"""

from __future__ import annotations

import asyncio
from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING

from kiosk.documents.seal_contract import AttestKey, CannotMake

if TYPE_CHECKING:
    from pyhanko.pdf_utils.extensions import DeveloperExtension
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign.signers import PdfSigner, Signer

FIELD = "Seal"
"""Name of the signature field."""

_SIGNATURE_BYTES = 72
"""An ECDSA signature of P-256 in DER is never longer."""
_CMS_BYTES = 3_000
"""Of a CMS object without certificates, generously."""


def seal_pdf(pdf: bytes, key: AttestKey, *, location: str, reason: str, signed_at: datetime) -> bytes:
    """The file with a seal over all of it; for a worker: some 20 ms, and an event loop of its own.

    Args:
        pdf: as `AttestPages.pdf` made it.
        location: where, as it stands in the seal.
        reason: what for, as it stands in the seal; never personal.
        signed_at: timezone-aware; the claimed time.

    Raises:
        CannotMake: when the key does not sign, or these bytes cannot be sealed.
    """
    from pyhanko.pdf_utils.misc import PdfError
    from pyhanko.sign.general import SigningError
    from pyhanko_certvalidator.errors import PathError

    try:
        return _sealed(pdf, key, _signer_for(key, location, reason), signed_at)
    except (PdfError, SigningError, PathError, ValueError, OSError) as error:
        raise CannotMake(f"the PDF cannot be sealed: {type(error).__name__}") from error


def _sealed(pdf: bytes, key: AttestKey, signer: PdfSigner, signed_at: datetime) -> bytes:
    from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes

    session = signer.init_signing_session(_revision_of(pdf))
    session.system_time = signed_at
    room = _CMS_BYTES + len(key.certificate) + sum(map(len, key.chain))
    document = session.prepare_tbs_document(validation_info=None, bytes_reserved=2 * room)
    digest, output = document.digest_tbs_document(output=BytesIO())
    asyncio.run(
        document.perform_signature(digest.document_digest, PdfCMSSignedAttributes(signing_time=signed_at)),
    )
    output.seek(0)
    sealed: bytes = output.read()
    return sealed


def _revision_of(pdf: bytes) -> IncrementalPdfFileWriter:
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    class Revision(IncrementalPdfFileWriter):
        """Adds the seal and leaves the description of the file as it is.

        The library would date the change by the clock of the machine, write the description anew and call the file
        PDF 2.0 for its elliptic key; PDF/A-2 is PDF 1.7, and its two descriptions must say the same.
        """

        def _update_meta(self) -> None:
            """Nothing is updated."""

        def ensure_output_version(self, version: tuple[int, int]) -> None:
            """The version stays."""

        def register_extension(self, ext: DeveloperExtension) -> None:
            """Only what extends PDF 1.7: PAdES does."""
            if ext.base_version == "/1.7":
                super().register_extension(ext)

    return Revision(BytesIO(pdf))


def _signer_for(key: AttestKey, location: str, reason: str) -> PdfSigner:
    from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter
    from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner

    meta = PdfSignatureMetadata(
        field_name=FIELD,
        subfilter=SigSeedSubFilter.PADES,
        md_algorithm="sha256",
        certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES,
        location=location,
        reason=reason,
    )
    return PdfSigner(meta, signer=_key_signer(key), new_field_spec=SigFieldSpec(FIELD))


def _key_signer(key: AttestKey) -> Signer:
    """A signer of the library whose signature is made behind the port of the key, be it a file or a TPM."""
    from asn1crypto.algos import SignedDigestAlgorithm
    from asn1crypto.x509 import Certificate
    from pyhanko.sign.signers import Signer
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    class KeySigner(Signer):
        """Signs with an `AttestKey`."""

        async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
            if digest_algorithm != "sha256":
                raise ValueError("an attest is sealed over SHA-256")
            return bytes(_SIGNATURE_BYTES) if dry_run else key.sign(data)

    store = SimpleCertificateStore()  # type: ignore[no-untyped-call]
    store.register_multiple([Certificate.load(der) for der in key.chain])
    return KeySigner(
        signing_cert=Certificate.load(key.certificate),
        cert_registry=store,
        signature_mechanism=SignedDigestAlgorithm({"algorithm": "sha256_ecdsa"}),
    )
