"""Offers a file to the telephone of the person at the column: encrypted here, fetched once, opened in their browser.

The key is made for this one file and stands only behind the `#` of the address on the screen, which no browser sends;
the back office keeps bytes it cannot read. Not for: who may have the file.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pydantic import ValidationError

from sync.client.answers import Defect, NotOurServer, Trouble, parse_time
from sync.client.asking import Asker
from sync.protocol.attests import DOWNLOAD, DOWNLOAD_REQUEST, DownloadOffer
from sync.protocol.canonical import b64url

LARGEST = 400_000 * 3 // 4 - 12 - 16
"""Bytes of a file that still fit into a request."""


@dataclass(frozen=True, repr=False)
class Offer:
    """A file that waits; out of every log, because the address opens it (no repr).

    Attributes:
        path: `/take/<id>`, behind the public address of the back office.
        key: what stands behind the `#`, base64url.
        expires_at: timezone-aware, by the back office's clock.
    """

    path: str
    key: str
    expires_at: datetime

    def address(self, public_url: str, language: str) -> str:
        """The whole address, whose page speaks `language` as far as the back office does."""
        return f"{public_url}{self.path}?lang={language}#{self.key}"


def offer_download(asker: Asker, pdf: bytes) -> Offer | Trouble:
    """Encrypt a file and leave it at the back office. Blocks for one request.

    Args:
        pdf: at most `LARGEST` bytes.
    """
    if len(pdf) > LARGEST:
        return Defect("payloadTooLarge")
    key, nonce = AESGCM.generate_key(256), secrets.token_bytes(12)
    content = b64url(nonce + AESGCM(key).encrypt(nonce, pdf, None))
    answer = asker.ask("downloads", (DOWNLOAD_REQUEST, DOWNLOAD), {"content": content})
    if not isinstance(answer, dict):
        return answer
    try:
        offer = DownloadOffer.model_validate(answer)
    except ValidationError:
        return NotOurServer("the answer is no offer of a download")
    expires_at = parse_time(offer.expires_at)
    if expires_at is None or not offer.id.replace("-", "").replace("_", "").isalnum() or not offer.id.isascii():
        return NotOurServer("the answer is no offer of a download")
    return Offer(f"/take/{offer.id}", b64url(key), expires_at)
