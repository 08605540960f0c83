"""Messages about attests: certificates of sealing keys, the list of trusted keys, answers of registers, downloads.

Each request is signed by the column, each answer by the back office, over the kind named at the class. Not for: events
(`batch`), which tell what was issued.
"""

from __future__ import annotations

from pydantic import Field

from sync.protocol.batch import Signature, Wire

CERTIFICATE_REQUEST = "kiosk-certificate-request-v1"
CERTIFICATE = "kiosk-certificate-v1"
TRUST = "kiosk-trust-v1"
ANSWER_REQUEST = "kiosk-answer-request-v1"
ANSWER = "kiosk-answer-v1"
DOWNLOAD_REQUEST = "kiosk-download-request-v1"
DOWNLOAD = "kiosk-download-v1"


class Sealed(Wire):
    """Personal data under HPKE; see `sync.protocol.sealing`. `ct` is missing once it was erased."""

    kid: str
    alg: str
    schema_: str = Field(alias="schema")
    ctsha256: str
    ct: str | None = None


class Asked(Wire):
    """What every signed request of a column has.

    Attributes:
        sent_at: the column's clock; refused when older than five minutes.
        nonce: random, seen once.
    """

    source: str
    sent_at: str
    nonce: str = Field(min_length=16, max_length=200)
    signature: Signature


class CertificateRequest(Asked):
    """`POST /kiosk/v1/certificates`: a column wants a certificate for its new sealing key.

    Attributes:
        csr: PKCS#10 in DER, base64url; only its key counts, the names are the back office's.
    """

    csr: str = Field(max_length=8_000)


class CertificateGrant(Wire):
    """Its answer. Signed, kind `kiosk-certificate-v1`.

    Attributes:
        certificate: DER, base64url; chain: the authorities above it, issuer first.
    """

    source: str
    nonce: str
    certificate: str
    chain: tuple[str, ...]
    signature: Signature


class OrganisationKey(Wire):
    """A key that personal data are sealed to (member `sealingKeys` of the updates)."""

    kid: str
    public_key: str
    not_before: str
    not_after: str


class Issuer(Wire):
    """A key that seals attests.

    Attributes:
        kid: first 8 bytes of the SHA-256 of the certificate, base64url.
        certificate: DER, base64url.
        revoked_from: attests sealed at or after this moment do not count; None while it is trusted.
    """

    kid: str
    certificate: str
    valid_from: str
    valid_to: str
    revoked_from: str | None = None


class RevokedAttest(Wire):
    """One attest that no longer counts; `id` is its 16 bytes, base64url."""

    id: str
    revoked_at: str


class TrustList(Wire):
    """`GET /trust.json`: everything a check needs, in one file that can be carried. Signed, kind `kiosk-trust-v1`.

    Attributes:
        version: rises with every change; a checker refuses a lower one than it has seen.
        public_key: of the organisation, Ed25519, base64url; the key that signs the list.
        authorities: certificates of the municipality's authority, DER in base64url.
    """

    version: int = Field(ge=1)
    organisation: str
    issued_at: str
    public_key: str
    authorities: tuple[str, ...]
    issuers: tuple[Issuer, ...]
    revoked: tuple[RevokedAttest, ...] = ()
    signature: Signature


class AnswerRequest(Asked):
    """`POST /kiosk/v1/answers`: is the answer to a request for a register there? Waits up to 20 s for it.

    Attributes:
        request_id: of the `attests.requested` event; or None where only the code of the receipt is known.
        code_hash: SHA-256 of the pick-up code as stored (`clean_code`), base64url.
        answer_key: X25519 public key made for this question, base64url; the answer is sealed to it.
        person: who is at the column, sealed to the organisation's key in the place of the answer
            (`Place.answer(nonce)`), schema "applicant:1": `{"nationalNumber": …}`.
    """

    request_id: str | None = None
    code_hash: str | None = None
    answer_key: str
    person: Sealed
    wait_sec: int = Field(default=20, ge=0, le=20)


class Answer(Wire):
    """Its answer. Signed, kind `kiosk-answer-v1`.

    Attributes:
        state: `pending` (nothing yet), `ready` (see `sealed`), `refused` (see `problem`), `unknown` (no such request).
        problem: value of `kiosk.core.attests.RegisterProblem`.
        sealed: to `answer_key`, place `Place.answer(request_id)`, schema "register-answer:1":
            `{"asOf", "facts": {…}, "groups": {…: [{…}]}}` as `kiosk.core.attests.RegisterData`.
        product_id, use_id, language: of the request, for a pick-up by code.
    """

    source: str
    nonce: str
    state: str = Field(pattern="^(pending|ready|refused|unknown)$")
    request_id: str | None = None
    product_id: str | None = None
    use_id: str | None = None
    language: str | None = None
    paid: bool = False
    problem: str | None = None
    sealed: Sealed | None = None
    signature: Signature


class DownloadRequest(Asked):
    """`POST /kiosk/v1/downloads`: keep this encrypted file for one download within half an hour.

    Attributes:
        content: nonce (12 bytes), then AES-256-GCM of the PDF, base64url; the key stands only in the code on the
            screen, behind the `#` of the address, and never reaches the back office.
    """

    content: str = Field(max_length=400_000)


class DownloadOffer(Wire):
    """Its answer. Signed, kind `kiosk-download-v1`; the page is `/take/<id>`."""

    source: str
    nonce: str
    id: str
    expires_at: str
    signature: Signature
